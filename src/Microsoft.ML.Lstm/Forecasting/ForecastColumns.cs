namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The columns that forecasts are compared by.</summary>
/// <param name="Label">What came: <c>Single</c>, one value of the series in each row; or a vector of the values that follow the row.</param>
/// <param name="Forecast">The forecast of the values that follow the row: a vector, or <c>Single</c> for one step.</param>
/// <param name="Group">Tells series apart; null: all rows are one series.</param>
/// <param name="LowerBound">Lower bounds of the intervals, as long as the forecast; null exactly when <paramref name="UpperBound"/> is.</param>
/// <param name="UpperBound">Upper bounds of the intervals.</param>
internal sealed record ForecastColumns(string Label, string Forecast, string? Group, string? LowerBound, string? UpperBound);
