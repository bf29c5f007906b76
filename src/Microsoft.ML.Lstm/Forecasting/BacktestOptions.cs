using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>Options of <c>mlContext.Forecasting.Backtest</c>: which origins, how often training is done anew and on what. Columns that an <see cref="LstmForecaster"/> knows need not be named.</summary>
public sealed class BacktestOptions
{
    /// <summary>The series, <c>Single</c>: one value in each row. Null: those of the <see cref="LstmForecaster"/>; needed for any other forecaster. Default: null.</summary>
    public string? LabelColumnName { get; set; }

    /// <summary>The forecast of the rows that follow, <c>Vector&lt;Single, H&gt;</c>, as <c>Transform</c> adds it. Null: that of the <see cref="LstmForecaster"/>, else <c>"Forecast"</c>. Default: null.</summary>
    public string? ForecastColumnName { get; set; }

    /// <summary>Lower bounds of intervals; null: those of the <see cref="LstmForecaster"/>, if it has any. Default: null.</summary>
    public string? LowerBoundColumnName { get; set; }

    /// <summary>Upper bounds of intervals; null exactly when <see cref="LowerBoundColumnName"/> is. Default: null.</summary>
    public string? UpperBoundColumnName { get; set; }

    /// <summary>Share of the values that the intervals are to cover. Null: that of the <see cref="LstmForecaster"/>, else 0.95. Range: (0, 1). Default: null.</summary>
    public double? ConfidenceLevel { get; set; }

    /// <summary>Tells series apart. Null: that of the <see cref="LstmForecaster"/>, else all rows are one series. Default: null.</summary>
    public string? GroupColumnName { get; set; }

    /// <summary>When a row is from. Null: that of the <see cref="LstmForecaster"/>, else rows are the steps. Default: null.</summary>
    public string? TimeColumnName { get; set; }

    /// <summary>Rows of a forecast, H. Null: that of the <see cref="LstmForecaster"/>; needed for any other forecaster. Range: 1 or more. Default: null.</summary>
    public int? Horizon { get; set; }

    /// <summary>Origins that each series is forecast from; the last one's horizon ends with the series. Range: 1 or more. Default: 10.</summary>
    public int NumberOfOrigins { get; set; } = 10;

    /// <summary>Rows from one origin to the next. Null: the horizon, so that every row is forecast once. Range: 1 or more. Default: null.</summary>
    public int? Stride { get; set; }

    /// <summary>Origins after which training is done again, on the rows before the origin: 1 for every one. Null: trained once, on the rows before the first origin. Range: 1 or more. Default: null.</summary>
    public int? RefitEvery { get; set; }

    /// <summary>
    /// Whether training again continues from the model before (an <see cref="LstmForecaster"/> alone can), rather than from fresh weights. Continued trainings follow one another; fresh ones
    /// run side by side. Default: false.
    /// </summary>
    public bool WarmStart { get; set; }

    /// <summary>Most rows of each series to train on, the latest before the origin: a window that slides. Null: all, a window that expands. Range: 1 or more. Default: null.</summary>
    public int? MaximumTrainRows { get; set; }

    /// <summary>The season's length in rows, for baselines and scaled errors. Null: that of the <see cref="LstmForecaster"/>'s options, else sought in the rows before the first origin. Range: 1 or more. Default: null.</summary>
    public int? SeasonLength { get; set; }

    /// <summary>
    /// Trainings that run side by side; forecasts have the same bits whatever their number. Null: as many as there are cores for an <see cref="LstmForecaster"/> that does not start warm, each
    /// on its share of the threads; 1 for any other forecaster, of which it is not known whether it may be fitted on several threads at once. Range: 1 or more. Default: null.
    /// </summary>
    public int? NumberOfParallelFits { get; set; }

    /// <summary>
    /// Which share of the origins, one after the other in time, this process takes: the <see cref="BacktestResult.Rows"/> of all shares,
    /// one after the other, are those of one
    /// process, where the forecaster has a seed. With <see cref="RefitEvery"/>, a share trains its own models alone, and origins of one
    /// model stay together; without,
    /// each trains the one model again. A share of more than there are pieces has no rows. Default: <see cref="WorkShard.All"/>.
    /// </summary>
    public WorkShard Shard { get; set; } = WorkShard.All;

    /// <summary>Called when the forecasts of an origin are there, in the order of origins unless trainings run side by side, one call at a time. Default: null.</summary>
    public Action<BacktestProgress>? OriginDone { get; set; }

    /// <summary>Stops the backtest before the next training, and the training of an <see cref="LstmForecaster"/> before its next batch. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Rows at the end of each series that come after the last origin's horizon and take no part.</summary>
    internal int RowsAfter { get; init; }

    internal void Validate()
    {
        Require(NumberOfOrigins > 0, nameof(NumberOfOrigins), NumberOfOrigins, "1 or more");
        Require(Stride is null or > 0, nameof(Stride), Stride, "1 or more, or null for the horizon");
        Require(RefitEvery is null or > 0, nameof(RefitEvery), RefitEvery, "1 or more, or null for one training");
        Require(!WarmStart || RefitEvery is not null, nameof(WarmStart), true, $"false, since {nameof(RefitEvery)} is null");
        Require(!WarmStart || Shard.Count < 2, nameof(Shard), Shard,
            $"{WorkShard.All}, since {nameof(WarmStart)} is true: a training goes on from the one before");
        Require(MaximumTrainRows is null or > 0, nameof(MaximumTrainRows), MaximumTrainRows, "1 or more, or null for all");
        Require(Horizon is null or > 0, nameof(Horizon), Horizon, "1 or more, or null");
        Require(SeasonLength is null or > 0, nameof(SeasonLength), SeasonLength, "1 or more, or null");
        Require(NumberOfParallelFits is null or > 0, nameof(NumberOfParallelFits), NumberOfParallelFits, "1 or more, or null");
        Require(NumberOfParallelFits is null or 1 || !WarmStart, nameof(NumberOfParallelFits), NumberOfParallelFits, $"1 or null, since {nameof(WarmStart)} is true");
        Require(ConfidenceLevel is null or (> 0 and < 1), nameof(ConfidenceLevel), ConfidenceLevel, "more than 0 and less than 1, or null");
        Require((LowerBoundColumnName is null) == (UpperBoundColumnName is null), nameof(UpperBoundColumnName), UpperBoundColumnName,
            $"{(LowerBoundColumnName is null ? "null" : "the name of a column")}, since {nameof(LowerBoundColumnName)} is {LowerBoundColumnName ?? "null"}");
    }
}
