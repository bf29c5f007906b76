using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>Options of <c>mlContext.Forecasting.SearchForecastByLstm</c>.</summary>
public sealed class ForecastSearchOptions : SearchOptions
{
    private const int MostFolds = 100;

    /// <summary>
    /// Origins at the end of each series that validate: each trial is trained on the rows before the first of them and forecasts from
    /// all. Null: as many as fit the last fifth of the longest series, at most 10. Range: 1 or more. Default: null.
    /// </summary>
    public int? NumberOfOrigins { get; set; }

    /// <summary>Rows from one origin to the next. Null: the horizon. Range: 1 or more. Default: null.</summary>
    public int? Stride { get; set; }

    /// <summary>
    /// Folds of time that validate, one after the other: the last has the origins at the end of each series, the one before it as many
    /// before those, and so on. Each trial is trained anew for each fold on the rows before it, and its score is the mean over the folds;
    /// the result's validation and model are those of the last. More folds take as many times as long, and judge settings by more than one
    /// season of a series. Range: 1 to 100. Default: 1.
    /// </summary>
    public int NumberOfFolds { get; set; } = 1;

    /// <summary>
    /// What is minimised, of the forecasts that validate; smaller is better. Null: the mean absolute scaled error, or the mean absolute
    /// error where that has no scale. Default: null.
    /// </summary>
    public Func<ForecastMetrics, double>? Metric { get; set; }

    /// <summary>
    /// Whether the best settings are trained anew on all rows, those that validated included: by the same options, for as many epochs.
    /// Otherwise the model is the one that validated. A search that was cancelled gives the latter. Default: true.
    /// </summary>
    public bool Refit { get; set; } = true;

    internal override void Validate()
    {
        base.Validate();
        Require(NumberOfOrigins is null or > 0, nameof(NumberOfOrigins), NumberOfOrigins, "1 or more, or null");
        Require(NumberOfFolds is > 0 and <= MostFolds, nameof(NumberOfFolds), NumberOfFolds, $"1 to {MostFolds}");
        Require(Stride is null or > 0, nameof(Stride), Stride, "1 or more, or null for the horizon");
    }

    internal double MetricOf(ForecastMetrics metrics) => Metric is not null ? Metric(metrics)
        : double.IsFinite(metrics.Errors.MeanAbsoluteScaledError) ? metrics.Errors.MeanAbsoluteScaledError
        : metrics.Errors.MeanAbsoluteError;
}
