using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// What the season before and a linear regression forecast of a window's horizon. They read all of a series up to the window's origin, so
/// the process that has it computes them for all.
/// </summary>
/// <param name="series">The series.</param>
/// <param name="windows">The windows.</param>
/// <param name="settings">The forecaster's settings.</param>
/// <param name="ridge">The linear regression; null: none.</param>
internal sealed class WindowBaselines(TrainingSeries series, NormalizedWindows windows, ForecastSettings settings, RidgeForecaster? ridge)
{
    private readonly Dictionary<int, float[]> _measured = [];

    /// <summary>Forecasts, in every process; all ask for the same windows in the same order.</summary>
    /// <param name="channel">The window's channel.</param>
    /// <param name="origin">Its origin.</param>
    /// <param name="unit">How the channel is measured, and so the forecasts.</param>
    public Forecasts Forecast(int channel, int origin, ChannelUnit unit)
    {
        int horizon = settings.Horizon;
        // The last value says whether there is a linear forecast.
        float[] values = series.Lend(channel / settings.TargetCount, (2 * horizon) + 1, () => Compute(channel, origin, unit));
        return new Forecasts(values.AsSpan(0, horizon), values[^1] == 0 ? default : values.AsSpan(horizon, horizon));
    }

    private float[] Compute(int channel, int origin, ChannelUnit unit)
    {
        if (!_measured.TryGetValue(channel, out float[]? measured))
            _measured[channel] = measured = windows.MeasuredTargets(channel);
        ReadOnlySpan<float> history = measured.AsSpan(0, origin);
        float[] values = new float[(2 * settings.Horizon) + 1];
        NaiveForecasts.Seasonal(history, settings.SeasonLength, values.AsSpan(0, settings.Horizon));
        if (ridge is null || history.Length < ridge.Length || history[^ridge.Length..].ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            return values;
        ridge.Forecast(history, unit.Size, values.AsSpan(settings.Horizon, settings.Horizon));
        values[^1] = 1;
        return values;
    }

    /// <summary>The forecasts of a window, measured as its channel is.</summary>
    /// <param name="season">The season before: [H].</param>
    /// <param name="linear">The linear regression: [H]; empty where it is too short, or has a missing value.</param>
    public readonly ref struct Forecasts(ReadOnlySpan<float> season, ReadOnlySpan<float> linear)
    {
        public ReadOnlySpan<float> Season { get; } = season;

        public ReadOnlySpan<float> Linear { get; } = linear;
    }
}
