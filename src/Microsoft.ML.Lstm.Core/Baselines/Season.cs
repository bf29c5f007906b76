namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// The length of the season of a series: the lag at which its changes repeat themselves most. Sought in the autocorrelation of the
/// differences, which a trend does not sway, among its local maxima.
/// </summary>
internal static class Season
{
    /// <summary>The longest season looked for unless another is given, in steps.</summary>
    public const int Longest = 1024;

    /// <summary>Series that are asked at most for the season of all.</summary>
    public const int MostSeries = 50;

    // Chance alone gives an autocorrelation beyond this in one of a thousand lags; a season shows far more.
    private const double SignificantDeviations = 3.3;

    // How far the autocorrelation falls off beside a season, as a fraction of what it is there.
    private const double Valley = 0.5;

    // Of means there are fewer lags and values, and smoothing makes waves of noise: none of 900 random walks, noises and autoregressions
    // reached these.
    private const double PlainCorrelation = 0.4, PlainDeviations = 5.5;
    private const int FewestMeans = 64, FewestMeansInSeason = 4, MostCycles = 3;

    // A fraction of a season is meant where it forecasts nearly as well, and far better than lags beside it, which no smooth series
    // does.
    private const double NearlyAsGood = 1.05, FarBetter = 0.9;
    private const int MostDivisor = 4, LongestShort = 3;

    /// <summary>Finds the season.</summary>
    /// <param name="series">Values at even distances; missing ones are NaN.</param>
    /// <param name="longest">The longest season looked for, in steps; a third of the series is the most that can be told.</param>
    /// <param name="cycles">Steps in a day, a week and so on, one of which is meant where it repeats as well as what is found.</param>
    /// <returns>The season's length in steps; 1 if there is none.</returns>
    public static int Find(ReadOnlySpan<float> series, int longest, IReadOnlyList<int>? cycles = null)
    {
        double[] changes = Changes(series);
        int season =
            Peak(changes, 2, Math.Min(longest, changes.Length / 3), Math.Max(0.2, SignificantDeviations / Math.Sqrt(changes.Length)));
        return OfCalendar(series, cycles, season >= FewestMeansInSeason && IsFlat(changes, season)
            ? Refined(series, season - (season / 8), season, season + (season / 8)) : season);
    }

    /// <summary>The season that most of the series have, of the first fifty; the shortest of several; 1 if most have none.</summary>
    /// <param name="series">Series as <see cref="Find"/> takes them.</param>
    /// <param name="cycles">As <see cref="Find"/> takes them.</param>
    public static int OfMost(IEnumerable<ReadOnlyMemory<float>> series, IReadOnlyList<int>? cycles) =>
        OfMost(series.Take(MostSeries).Select(values => Find(values.Span, Longest, cycles)));

    /// <summary>The season that is found most often; the shortest of several; 1 of none.</summary>
    public static int OfMost(IEnumerable<int> found) => found.GroupBy(length => length)
        .OrderByDescending(same => same.Count()).ThenBy(same => same.Key).Select(same => same.Key).FirstOrDefault(1);

    /// <summary>
    /// Finds a long season that noise from row to row hides from <see cref="Find"/>, as that of monthly sunspots: in means of 2, 4, 8, …
    /// rows, the fewest in which one shows. It must repeat far more plainly there, so that a random walk's chance waves are not taken for
    /// one.
    /// </summary>
    /// <param name="series">Values at even distances; missing ones are NaN.</param>
    /// <param name="longest">The longest season looked for, in steps; a third of the series is the most that can be told.</param>
    /// <param name="cycles">As <see cref="Find"/> takes them.</param>
    /// <returns>The season's length in steps; 1 if there is none.</returns>
    public static int FindInNoise(ReadOnlySpan<float> series, int longest, IReadOnlyList<int>? cycles = null)
    {
        for (int width = 2; series.Length / width >= FewestMeans; width *= 2)
        {
            float[] means = Means(series, width, width);
            double[] changes = Changes(means);
            int season = Peak(changes, FewestMeansInSeason, Math.Min(longest / width, changes.Length / 3),
                Math.Max(PlainCorrelation, PlainDeviations / Math.Sqrt(changes.Length)));
            if (season > 1)
                return OfCalendar(series, cycles, Refined(series, (season - 2) * width, season * width, (season + 2) * width));
        }
        return 1;
    }

    // What repeats daily with noise on it may repeat a little better by chance after some rows more or less than a day, or after two days.
    private static int OfCalendar(ReadOnlySpan<float> series, IReadOnlyList<int>? cycles, int season)
    {
        if (season == 1)
            return 1;
        double error = CyclesError(series, season);
        foreach (int cycle in cycles ?? [])
        {
            int count = (int)Math.Round((double)season / cycle);
            if (count >= 1 && Math.Abs((count * cycle) - season) <= season / 8 && CyclesError(series, cycle) is var own && own < NearlyAsGood * error
                && (count == 1 || own < FarBetter * ErrorBeside(series, cycle)))
                return cycle;
        }
        return season;
    }

    // Whether noise decides which of neighbouring lags is the highest.
    private static bool IsFlat(double[] changes, int lag) =>
        new[] { -2, -1, 1, 2 }.Max(distance => Autocorrelation(changes, lag + distance)) > Valley * Autocorrelation(changes, lag);

    // The lag around a season, or around a fraction of it, by which the series itself is forecast best.
    private static int Refined(ReadOnlySpan<float> series, int shortest, int season, int longest)
    {
        int found = Best(series, shortest, season, longest);
        double error = CyclesError(series, found);
        // Noise, or means of many rows, may show a season by its multiples alone.
        for (int divisor = MostDivisor; divisor > 1; divisor--)
        {
            int around = found / divisor, reach = around / 8, shorter = Best(series, around - reach, around, around + reach);
            double own = CyclesError(series, shorter);
            if (around >= FewestMeansInSeason && own < NearlyAsGood * error && own < FarBetter * ErrorBeside(series, shorter))
                return shorter;
        }
        return found;
    }

    // At an end of the lags it is no season that is better there, but less time for the series to wander.
    private static int Best(ReadOnlySpan<float> series, int shortest, int season, int longest)
    {
        (int best, double least) = (season, double.PositiveInfinity);
        for (int lag = Math.Max(1, shortest); lag <= longest; lag++)
            if (CyclesError(series, lag) is var error && error < least)
                (best, least) = (lag, error);
        return best > shortest && best < longest ? best : season;
    }

    // One cycle tells little of a length that varies from cycle to cycle; after several, that of the mean cycle is still nearest.
    private static double CyclesError(ReadOnlySpan<float> series, int season)
    {
        int cycles = Math.Clamp(series.Length / 2 / season, 1, MostCycles);
        double sum = 0;
        for (int cycle = 1; cycle <= cycles; cycle++)
            sum += Spread(series, cycle * season);
        return sum / cycles;
    }

    private static double ErrorBeside(ReadOnlySpan<float> series, int season) =>
        Math.Min(CyclesError(series, season - (season / 4)), CyclesError(series, season + (season / 4)));

    // The mean absolute error of forecasting each value by the one some rows before and the mean change since.
    private static double Spread(ReadOnlySpan<float> series, int lag)
    {
        (double sum, double spread, long count) = (0, 0, 0);
        for (int i = lag; i < series.Length; i++)
            if (float.IsFinite(series[i] - series[i - lag]))
                (sum, count) = (sum + series[i] - series[i - lag], count + 1);
        for (int i = lag; i < series.Length; i++)
            if (float.IsFinite(series[i] - series[i - lag]))
                spread += Math.Abs((double)series[i] - series[i - lag] - (sum / count));
        return count == 0 ? double.NaN : spread / count;
    }

    private static float[] Means(ReadOnlySpan<float> series, int width, int stride)
    {
        float[] means = new float[((series.Length - width) / stride) + 1];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            int count = 0;
            foreach (float value in series.Slice(i * stride, width))
            {
                sum += float.IsFinite(value) ? value : 0;
                count += float.IsFinite(value) ? 1 : 0;
            }
            means[i] = count == 0 ? float.NaN : (float)(sum / count);
        }
        return means;
    }

    private static int Peak(double[] changes, int shortest, int longest, double floor)
    {
        if (longest < shortest)
            return 1;
        double[] correlation = new double[longest + 2];
        for (int lag = 1; lag < correlation.Length; lag++)
            correlation[lag] = Autocorrelation(changes, lag);
        int best = 1;
        for (int lag = shortest; lag <= longest; lag++)
            if (correlation[lag] > floor && (best == 1 || correlation[lag] > correlation[best]) && IsPeak(correlation, lag))
                best = lag;
        return best == 1 ? 1 : Fundamental(correlation, best);
    }

    /// <summary>
    /// The mean absolute error of forecasting each value by the one a season before it; NaN where no two can be compared.
    /// </summary>
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
            if (Math.Abs((multiple * lag) - best) <= multiple / 2 && correlation[lag] > 0.8 * correlation[best] && IsPeak(correlation, lag))
                return lag;
        }
        return best;
    }

    // Changes of a smooth series with noise on it are alike at all short lags but the first: a season falls off to both sides of its lag.
    private static bool IsPeak(double[] correlation, int lag)
    {
        if (correlation[lag] < correlation[lag - 1] || correlation[lag] < correlation[lag + 1])
            return false;
        if (lag <= LongestShort && !IsZeroSum(correlation, lag))
            return false;
        int reach = Math.Max(1, lag / 2);
        double before = Least(correlation, Math.Max(1, lag - reach), lag - 1), after = Least(correlation, lag + 1, lag + reach);
        return before < Valley * correlation[lag] && (lag + reach >= correlation.Length || after < Valley * correlation[lag]);
    }

    // Noise lowers the correlation at the first lag, so that the second or third seems high. But changes of a season sum to zero, and so do their
    // correlations over a season.
    private static bool IsZeroSum(double[] correlation, int lag)
    {
        double between = 0;
        for (int next = lag + 1; next < Math.Min(2 * lag, correlation.Length); next++)
            between += correlation[next];
        return between < -Valley * correlation[lag];
    }

    private static double Least(double[] correlation, int first, int last)
    {
        double least = correlation[first];
        for (int lag = first; lag <= Math.Min(last, correlation.Length - 1); lag++)
            least = Math.Min(least, correlation[lag]);
        return least;
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
