namespace Microsoft.ML.Lstm.Baselines;

/// <summary>The forecasts that need no learning, which every learned one stands beside.</summary>
internal static class NaiveForecasts
{
    /// <summary>What was last will be. Missing values at the end of the history are passed over.</summary>
    public static void Persistence(ReadOnlySpan<float> history, Span<float> forecast) => forecast.Fill(LastKnown(history));

    /// <summary>What was a season ago will be; a value that is missing there is taken from the season before it.</summary>
    /// <param name="history">The values up to the forecast's origin.</param>
    /// <param name="season">The season's length in steps; 1: the same as persistence.</param>
    /// <param name="forecast">The next values.</param>
    public static void Seasonal(ReadOnlySpan<float> history, int season, Span<float> forecast)
    {
        for (int h = 0; h < forecast.Length; h++)
        {
            int at = history.Length - season + (h % season);
            while (at >= 0 && !float.IsFinite(history[at]))
                at -= season;
            forecast[h] = at >= 0 ? history[at] : LastKnown(history);
        }
    }

    /// <summary>
    /// Naive2, the yardstick of the M competitions: persistence on the seasonally adjusted series, the season put back. The season is
    /// adjusted for only where the autocorrelation at its lag is significant at 90 %, by classical multiplicative decomposition.
    /// </summary>
    public static void Naive2(ReadOnlySpan<float> history, int season, Span<float> forecast)
    {
        double[]? indices = SeasonalIndices(history, season);
        if (indices is null)
        {
            Persistence(history, forecast);
            return;
        }
        double level = history[^1] / indices[(history.Length - 1) % season];
        for (int h = 0; h < forecast.Length; h++)
            forecast[h] = (float)(level * indices[(history.Length + h) % season]);
    }

    /// <summary>The multiplicative seasonal indices, by position modulo the season; null where the series has no significant season or cannot be divided.</summary>
    private static double[]? SeasonalIndices(ReadOnlySpan<float> history, int season)
    {
        if (season < 2 || history.Length < 3 * season)
            return null;
        foreach (float value in history)
            if (!(value > 0 && float.IsFinite(value)))
                return null;
        if (!HasSeason(history, season))
            return null;
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int i = half; i < history.Length - half; i++)
        {
            sums[i % season] += history[i] / Centred(history, i, season);
            counts[i % season]++;
        }
        double mean = 0;
        for (int s = 0; s < season; s++)
            mean += (sums[s] /= counts[s]) / season;
        for (int s = 0; s < season; s++)
            sums[s] /= mean;
        return sums;
    }

    // The centred moving average over one season; of an even one the two ends count half.
    private static double Centred(ReadOnlySpan<float> values, int at, int season)
    {
        int half = season / 2;
        double sum = 0;
        for (int i = at - half; i <= at + half; i++)
            sum += values[i] * (season % 2 == 0 && (i == at - half || i == at + half) ? 0.5 : 1);
        return sum / season;
    }

    // The M4 test: |r_m| > 1.645·√((1 + 2Σ r_i²) / n) over the lags below the season.
    private static bool HasSeason(ReadOnlySpan<float> values, int season)
    {
        double mean = 0;
        foreach (float value in values)
            mean += (double)value / values.Length;
        double sum = 0;
        for (int lag = 1; lag < season; lag++)
        {
            double r = Autocorrelation(values, mean, lag);
            sum += r * r;
        }
        return Math.Abs(Autocorrelation(values, mean, season)) > 1.645 * Math.Sqrt((1 + (2 * sum)) / values.Length);
    }

    private static double Autocorrelation(ReadOnlySpan<float> values, double mean, int lag)
    {
        double product = 0, square = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = values[i] - mean;
            square += difference * difference;
            if (i >= lag)
                product += difference * (values[i - lag] - mean);
        }
        return square > 0 ? product / square : 0;
    }

    private static float LastKnown(ReadOnlySpan<float> history)
    {
        for (int i = history.Length - 1; i >= 0; i--)
            if (float.IsFinite(history[i]))
                return history[i];
        return float.NaN;
    }
}
