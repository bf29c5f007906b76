namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// The length of the season of a series: the lag at which its changes repeat themselves most. Sought in the autocorrelation of the
/// differences, which a trend does not sway, among its local maxima.
/// </summary>
internal static class Season
{
    // Chance alone gives an autocorrelation beyond this in one of a thousand lags; a season shows far more.
    private const double SignificantDeviations = 3.3;

    /// <summary>Finds the season.</summary>
    /// <param name="series">Values at even distances; missing ones are NaN.</param>
    /// <param name="longest">The longest season looked for, in steps; a third of the series is the most that can be told.</param>
    /// <returns>The season's length in steps; 1 if there is none.</returns>
    public static int Find(ReadOnlySpan<float> series, int longest)
    {
        double[] changes = Changes(series);
        longest = Math.Min(longest, changes.Length / 3);
        if (longest < 2)
            return 1;
        double[] correlation = new double[longest + 2];
        for (int lag = 1; lag < correlation.Length; lag++)
            correlation[lag] = Autocorrelation(changes, lag);
        double floor = Math.Max(0.2, SignificantDeviations / Math.Sqrt(changes.Length));
        int best = 1;
        for (int lag = 2; lag <= longest; lag++)
            if (correlation[lag] > floor && correlation[lag] >= correlation[lag - 1] && correlation[lag] >= correlation[lag + 1] && (best == 1 || correlation[lag] > correlation[best]))
                best = lag;
        return best == 1 ? 1 : Fundamental(correlation, best);
    }

    /// <summary>The mean absolute error of forecasting each value by the one a season before it; NaN where no two can be compared.</summary>
    public static double NaiveError(ReadOnlySpan<float> history, int season)
    {
        double sum = 0;
        long count = 0;
        for (int i = season; i < history.Length; i++)
        {
            double error = Math.Abs((double)history[i] - history[i - season]);
            if (!double.IsFinite(error))
                continue;
            sum += error;
            count++;
        }
        return sum / count;
    }

    // A season of 24 also repeats after 48, sometimes by chance a little better: the shortest divisor that repeats nearly as well is meant.
    private static int Fundamental(double[] correlation, int best)
    {
        for (int lag = 2; lag <= best / 2; lag++)
        {
            int multiple = (int)Math.Round((double)best / lag);
            bool isPeak = correlation[lag] >= correlation[lag - 1] && correlation[lag] >= correlation[lag + 1];
            if (isPeak && Math.Abs((multiple * lag) - best) <= multiple / 2 && correlation[lag] > 0.8 * correlation[best])
                return lag;
        }
        return best;
    }

    private static double[] Changes(ReadOnlySpan<float> series)
    {
        double[] changes = new double[Math.Max(0, series.Length - 1)];
        double sum = 0;
        int count = 0;
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = (double)series[i + 1] - series[i];
            if (!double.IsFinite(changes[i]))
                continue;
            sum += changes[i];
            count++;
        }
        for (int i = 0; i < changes.Length; i++)
            changes[i] = double.IsFinite(changes[i]) ? changes[i] - (sum / count) : 0;
        return changes;
    }

    private static double Autocorrelation(double[] values, int lag)
    {
        double product = 0, square = 0;
        for (int i = 0; i < values.Length; i++)
        {
            square += values[i] * values[i];
            if (i >= lag)
                product += values[i] * values[i - lag];
        }
        // The biased estimate would favour short lags; each lag is given the mean over the pairs it has.
        return square > 0 ? product / (values.Length - lag) * values.Length / square : 0;
    }
}
