namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Sums of forecast errors; <see cref="ForecastErrors"/> says what they are of.</summary>
internal sealed class ForecastErrorSums
{
    private long _count, _percentages, _scaled;
    private double _absolute, _squared, _percentage, _symmetric, _scaledAbsolute;

    /// <summary>Adds one value; a missing one counts for nothing.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <param name="scale">The seasonal-naive error inside the history, 0 or NaN where there is none.</param>
    public void Add(float actual, float forecast, double scale)
    {
        if (!float.IsFinite(actual) || !float.IsFinite(forecast))
            return;
        double error = Math.Abs((double)forecast - actual), size = Math.Abs((double)forecast) + Math.Abs((double)actual);
        _count++;
        _absolute += error;
        _squared += error * error;
        _symmetric += size > 0 ? 200 * error / size : 0;
        if (actual != 0)
        {
            _percentages++;
            _percentage += 100 * error / Math.Abs((double)actual);
        }
        if (scale > 0)
        {
            _scaled++;
            _scaledAbsolute += error / scale;
        }
    }

    /// <summary>Adds the values of one forecast, step by step.</summary>
    public void Add(ReadOnlySpan<float> actual, ReadOnlySpan<float> forecast, double scale)
    {
        for (int h = 0; h < actual.Length; h++)
            Add(actual[h], forecast[h], scale);
    }

    /// <summary>The means.</summary>
    public ForecastErrors ToErrors() => new(
        _count, _absolute / _count, Math.Sqrt(_squared / _count), _percentage / _percentages, _symmetric / _count, _scaledAbsolute / _scaled);
}
