namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// What came on held-out windows less what was forecast, over the whole horizon at once: [count, H]. Added to a forecast, one of them is a path that the series may take, whose steps hang together as
/// they did there. Where there are intervals a residual is in units of the distance from the forecast to its upper, or below it to its lower bound, so that paths spread as the intervals
/// do; otherwise in units of the window's scale. Immutable; saved with the model.
/// </summary>
internal sealed record ResidualPaths(int Horizon, float[] Values)
{
    /// <summary>Values that are kept at most, and paths.</summary>
    public const int MostValues = 200_000, MostPaths = 200;

    // Of the mean distance of the step: a bound that touches the forecast must not make a residual infinite.
    private const float LeastDistance = 0.1f;

    /// <summary>How many there are.</summary>
    public int Count => Values.Length / Horizon;

    /// <summary>Measures held-out windows; null if there is none whose horizon is known to the end.</summary>
    /// <param name="horizon">H.</param>
    /// <param name="forecasts">Forecasts of the windows, in units of each window's scale.</param>
    /// <param name="actuals">What came, in the same units.</param>
    public static ResidualPaths? Of(int horizon, IReadOnlyList<SeriesForecast> forecasts, IReadOnlyList<float[]> actuals)
    {
        int most = Math.Clamp(MostValues / horizon, 1, MostPaths);
        int[] whole = [.. Enumerable.Range(0, actuals.Count).Where(i => Array.TrueForAll(actuals[i], float.IsFinite))];
        int[] kept = whole.Length <= most ? whole : [.. Enumerable.Range(0, most).Select(i => whole[(int)((long)i * whole.Length / most)])];
        if (kept.Length == 0)
            return null;
        float[] values = new float[kept.Length * horizon];
        for (int h = 0; h < horizon; h++)
        {
            float above = LeastDistance * whole.Average(i => Distance(forecasts[i], h, 1)), below = LeastDistance * whole.Average(i => Distance(forecasts[i], h, -1));
            for (int i = 0; i < kept.Length; i++)
            {
                float residual = actuals[kept[i]][h] - forecasts[kept[i]].Values[h], distance = Math.Max(Distance(forecasts[kept[i]], h, residual), residual < 0 ? below : above);
                values[(i * horizon) + h] = distance > 0 ? residual / distance : 0;
            }
        }
        return new ResidualPaths(horizon, values);
    }

    /// <summary>A path: a forecast plus the residuals of a held-out window.</summary>
    /// <param name="index">Which.</param>
    /// <param name="forecast">The forecast.</param>
    public float[] Path(int index, SeriesForecast forecast)
    {
        float[] path = new float[Horizon];
        for (int h = 0; h < Horizon; h++)
        {
            float residual = Values[(index * Horizon) + h];
            path[h] = (float)forecast.Level.Above(forecast.Values[h], (double)residual * Distance(forecast, h, residual));
        }
        return path;
    }

    private static float Distance(SeriesForecast forecast, int step, float residual) => forecast.Lower.Length == 0 ? forecast.Level.Scale
        : residual < 0 ? (float)forecast.Level.Distance(forecast.Values[step], forecast.Lower[step])
        : (float)forecast.Level.Distance(forecast.Upper[step], forecast.Values[step]);
}
