using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>The metrics of a task, and what is made of their changes.</summary>
/// <typeparam name="TStatistics">ML.NET's statistics of them.</typeparam>
/// <param name="Label">What predictions are compared with.</param>
/// <param name="Measure">The metrics of rows that were scored.</param>
/// <param name="Create">Empty statistics.</param>
/// <param name="Each">The statistics of each metric, in the order of <paramref name="Measure"/>.</param>
/// <param name="Loss">By how much worse a change makes predictions: what the features are ordered by.</param>
internal sealed record ImportanceMetrics<TStatistics>(
    ILabelColumn Label, Func<IDataView, double[]> Measure, Func<TStatistics> Create,
    Func<TStatistics, IReadOnlyList<MetricStatistics>> Each, Func<TStatistics, double> Loss);
