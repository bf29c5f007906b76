using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The linear regression that learned forecasts are compared with, learned from training series each in units of its own scale.</summary>
internal sealed class RidgeBaseline
{
    private readonly RidgeForecaster _ridge;
    private readonly Dictionary<string, double> _scales;

    private RidgeBaseline(RidgeForecaster ridge, Dictionary<string, double> scales) => (_ridge, _scales) = (ridge, scales);

    /// <summary>
    /// Learns from series; null if they are too short. The window is as long as two seasons or twice the horizon, at least 24 values, and at most a third of
    /// the longest series or 720.
    /// </summary>
    public static RidgeBaseline? Fit(IReadOnlyDictionary<string, float[]> series, int season, int horizon)
    {
        int longest = series.Values.Max(values => values.Length), wanted = Math.Max(24, Math.Max(2 * season, 2 * horizon));
        int window = Math.Min(Math.Min(wanted, RidgeForecaster.MostLength), longest / 3);
        Dictionary<string, double> scales = series.ToDictionary(pair => pair.Key, pair => ScaleOf(pair.Value));
        ReadOnlyMemory<float>[] values = [.. series.Values.Select(one => (ReadOnlyMemory<float>)one)];
        return window > 0 && RidgeForecaster.Fit(values, [.. scales.Values], window, horizon, [season]) is { } ridge
            ? new RidgeBaseline(ridge, scales)
            : null;
    }

    /// <summary>Forecasts from what is known of a series; false if that is too short or has missing values.</summary>
    public bool TryForecast(ReadOnlySpan<float> history, string series, Span<float> forecast)
    {
        if (history.Length < _ridge.Length)
            return false;
        foreach (float value in history[^_ridge.Length..])
            if (!float.IsFinite(value))
                return false;
        _ridge.Forecast(history, _scales.TryGetValue(series, out double scale) ? scale : ScaleOf(history), forecast);
        return true;
    }

    private static double ScaleOf(ReadOnlySpan<float> values)
    {
        double error = Season.NaiveError(values, 1);
        return error > 0 ? error : 1;
    }
}
