namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The forecasts from one origin of every series.</summary>
/// <param name="Forecasts">[series · targets]; of no length where a series has no such origin.</param>
/// <param name="Ridge">The linear regression of the same training rows; null: they were too few.</param>
internal sealed record OriginForecasts(SeriesForecast[] Forecasts, RidgeBaseline? Ridge);
