using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>The metrics of classifications, as ML.NET's own evaluations measure them.</summary>
internal static class ClassificationImportance
{
    private static readonly (Func<BinaryClassificationMetrics, double> Value, Func<BinaryClassificationMetricsStatistics, MetricStatistics> Statistics)[] s_binary =
    [
        (all => all.AreaUnderRocCurve, all => all.AreaUnderRocCurve),
        (all => all.Accuracy, all => all.Accuracy),
        (all => all.PositivePrecision, all => all.PositivePrecision),
        (all => all.PositiveRecall, all => all.PositiveRecall),
        (all => all.NegativePrecision, all => all.NegativePrecision),
        (all => all.NegativeRecall, all => all.NegativeRecall),
        (all => all.F1Score, all => all.F1Score),
        (all => all.AreaUnderPrecisionRecallCurve, all => all.AreaUnderPrecisionRecallCurve),
    ];

    // Beside those of each class.
    private static readonly (Func<MulticlassClassificationMetrics, double> Value, Func<MulticlassClassificationMetricsStatistics, MetricStatistics> Statistics)[] s_multiclass =
    [
        (all => all.MacroAccuracy, all => all.MacroAccuracy),
        (all => all.MicroAccuracy, all => all.MicroAccuracy),
        (all => all.LogLoss, all => all.LogLoss),
        (all => all.LogLossReduction, all => all.LogLossReduction),
        (all => all.TopKAccuracy, all => all.TopKAccuracy),
    ];

    /// <summary>The metrics of two classes, for a label of some data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is missing or of another type.</exception>
    public static ImportanceMetrics<BinaryClassificationMetricsStatistics> Of(
        IHost host, BinaryClassificationCatalog catalog, DataViewSchema schema, string labelColumn) => new(
        new BooleanLabel(host, schema, labelColumn), view => Values(catalog.EvaluateNonCalibrated(view, labelColumn)), MetricChanges.Binary,
        all => [.. s_binary.Select(metric => metric.Statistics(all))],
        all => -all.AreaUnderRocCurve.Mean);

    /// <summary>The metrics of several classes, for a label of some data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label is missing, of another type, or its classes are not the model's.</exception>
    public static ImportanceMetrics<MulticlassClassificationMetricsStatistics> Of(
        IHost host, MulticlassClassificationCatalog catalog, RecurrentModel model, DataViewSchema schema, string labelColumn)
    {
        var label = new KeyLabel(host, schema, labelColumn);
        LabelClasses.Of(model.Head.Classes!).RequireSame(host, schema[labelColumn], label.Classes, "the model");
        return new ImportanceMetrics<MulticlassClassificationMetricsStatistics>(
            label, view => Values(catalog.Evaluate(view, labelColumn)), () => MetricChanges.Multiclass(label.Classes.Count),
            all => [.. s_multiclass.Select(metric => metric.Statistics(all)), .. all.PerClassLogLoss],
            all => all.LogLoss.Mean);
    }

    private static double[] Values(BinaryClassificationMetrics all) => [.. s_binary.Select(metric => metric.Value(all))];

    private static double[] Values(MulticlassClassificationMetrics all) =>
        [.. s_multiclass.Select(metric => metric.Value(all)), .. all.PerClassLogLoss];
}
