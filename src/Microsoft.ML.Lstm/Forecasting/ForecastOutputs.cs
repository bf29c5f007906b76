namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The columns that a forecaster adds. Saved with the model.</summary>
/// <param name="Forecast">The forecasts.</param>
/// <param name="LowerBound">Lower bounds of the intervals; null: none.</param>
/// <param name="UpperBound">Upper bounds of the intervals; null: none.</param>
/// <param name="Horizon">Rows that are forecast; null: those that the forecaster was trained for.</param>
internal sealed record ForecastOutputs(string Forecast, string? LowerBound, string? UpperBound, int? Horizon = null)
{
    /// <summary>Their names, in order.</summary>
    public IEnumerable<string> All => LowerBound is null ? [Forecast] : [Forecast, LowerBound, UpperBound!];
}
