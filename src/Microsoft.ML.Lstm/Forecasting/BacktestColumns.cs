using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What a backtest reads and compares: as the options say, and otherwise as the forecaster does.</summary>
internal sealed record BacktestColumns
{
    public required IReadOnlyList<string> Labels { get; init; }

    public required ForecastOutputs Outputs { get; init; }

    public required string? Group { get; init; }

    public required string? Time { get; init; }

    public required int Horizon { get; init; }

    public required double Level { get; init; }

    public required int? Season { get; init; }

    /// <summary>Fills in what the forecaster knows.</summary>
    /// <param name="options">The options.</param>
    /// <param name="forecaster">The forecaster; null: one of another kind, which tells nothing.</param>
    /// <exception cref="ArgumentException">Something is not said, or is not the forecaster's.</exception>
    public static BacktestColumns Of(BacktestOptions options, LstmForecaster? forecaster)
    {
        ForecastColumnNames? names = forecaster?.Names;
        Require(options.LabelColumnName is not null || names is not null, nameof(options.LabelColumnName), null, $"the name of a column, since the forecaster is no {nameof(LstmForecaster)}");
        Require(options.Horizon is not null || forecaster is not null, nameof(options.Horizon), null, $"1 or more, since the forecaster is no {nameof(LstmForecaster)}");
        Require(!options.WarmStart || forecaster is not null, nameof(options.WarmStart), true, $"false, since the forecaster is no {nameof(LstmForecaster)}");
        if (names is not null)
        {
            Same(nameof(options.LabelColumnName), options.LabelColumnName, names.Targets.Count == 1 ? names.Targets[0] : null);
            Same(nameof(options.GroupColumnName), options.GroupColumnName, names.Group);
            Same(nameof(options.TimeColumnName), options.TimeColumnName, names.Time);
            Same(nameof(options.ForecastColumnName), options.ForecastColumnName, names.Outputs.Forecast);
            Same(nameof(options.LowerBoundColumnName), options.LowerBoundColumnName, names.Outputs.LowerBound);
            Same(nameof(options.UpperBoundColumnName), options.UpperBoundColumnName, names.Outputs.UpperBound);
            Require(options.Horizon is null || options.Horizon == forecaster!.Plan.Horizon, nameof(options.Horizon), options.Horizon, $"{forecaster!.Plan.Horizon}, the forecaster's, or null");
        }
        return new BacktestColumns
        {
            Labels = names?.Targets ?? [options.LabelColumnName!],
            Outputs = names?.Outputs ?? new ForecastOutputs(options.ForecastColumnName ?? "Forecast", options.LowerBoundColumnName, options.UpperBoundColumnName),
            Group = names is null ? options.GroupColumnName : names.Group,
            Time = names is null ? options.TimeColumnName : names.Time,
            Horizon = forecaster?.Plan.Horizon ?? options.Horizon!.Value,
            Level = options.ConfidenceLevel ?? forecaster?.Plan.ConfidenceLevel ?? 0.95,
            Season = options.SeasonLength ?? forecaster?.Plan.SeasonLength,
        };
    }

    private static void Same(string option, string? asked, string? own) =>
        Require(asked is null || asked == own, option, asked, $"{(own is null ? "null" : own + ", as the forecaster has it, or null")}");
}
