namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>One forecast in the series' own unit: [H] each; NaN where the past holds no known value, bounds empty where there are no intervals.</summary>
/// <param name="Values">The forecast: the median where quantiles were learned.</param>
/// <param name="Lower">Lower bounds.</param>
/// <param name="Upper">Upper bounds.</param>
internal readonly record struct SeriesForecast(float[] Values, float[] Lower, float[] Upper)
{
    /// <summary>What the window was taken relative to: residuals in its unit are alike in all series.</summary>
    public WindowLevel Level { get; init; }
}
