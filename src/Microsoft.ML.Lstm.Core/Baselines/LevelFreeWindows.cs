namespace Microsoft.ML.Lstm.Baselines;

/// <summary>Windows of a series, less the last value and divided by the series' scale, and what followed them in the same units.</summary>
/// <param name="series">The values in the order of time.</param>
/// <param name="scale">What they are divided by.</param>
/// <param name="origins">The place after each window.</param>
/// <param name="length">L.</param>
internal sealed class LevelFreeWindows(ReadOnlyMemory<float> series, double scale, List<int> origins, int length) : IRegressionWindows
{
    /// <inheritdoc/>
    public int Count => origins.Count;

    /// <summary>How long before the end of the series a window is.</summary>
    public int AgeOf(int window) => series.Length - origins[window];

    /// <inheritdoc/>
    public void Fill(int window, Span<float> x, Span<float> y)
    {
        int origin = origins[window];
        ReadOnlySpan<float> values = series.Span;
        double last = values[origin - 1];
        for (int i = 0; i < length; i++)
            x[i] = (float)((values[origin - length + i] - last) / scale);
        x[length] = 1;
        for (int h = 0; h < y.Length; h++)
            y[h] = (float)((values[origin + h] - last) / scale);
    }
}
