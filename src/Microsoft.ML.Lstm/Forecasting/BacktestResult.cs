using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm;

/// <summary>What a backtest found: every forecast beside what came, and the errors. Immutable.</summary>
public sealed class BacktestResult
{
    internal BacktestResult(IReadOnlyList<BacktestForecast> rows, ForecastMetrics metrics, IReadOnlyList<ITransformer> models) => (Rows, Metrics, Models) = (rows, metrics, models);

    /// <summary>One row for each origin, series, target and step of the horizon, in this order.</summary>
    public IReadOnlyList<BacktestForecast> Rows { get; }

    /// <summary>The errors in all, by step and by series, beside those of forecasts that need no learning.</summary>
    public ForecastMetrics Metrics { get; }

    /// <summary>The models that were trained, the earliest first; the last one knows most.</summary>
    public IReadOnlyList<ITransformer> Models { get; }

    /// <summary>The rows as data: columns of the names of <see cref="BacktestForecast"/>'s properties.</summary>
    public IDataView Forecasts => new MLContext().Data.LoadFromEnumerable(Rows, SchemaDefinition.Create(typeof(BacktestForecast)));

    /// <summary>The table of <see cref="Metrics"/>.</summary>
    public override string ToString() => Metrics.ToString();
}
