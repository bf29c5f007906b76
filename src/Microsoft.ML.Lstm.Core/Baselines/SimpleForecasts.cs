namespace Microsoft.ML.Lstm.Baselines;

/// <summary>
/// Forecasts that need no learning, as weights of a window: persistence, the season before, an exponentially smoothed level, with and
/// without a season and half of the trend, and the last value with all of it. With x the window's L values at times t from 0, k(t) the
/// phase of t in a season of s, n_k the values of a phase and t̄_k their mean time,
/// <code>
///   b    = Σ (t − t̄_k(t))·x_t / Σ (t − t̄_k(t))²          the trend, fitted together with the phases
///   S_k  = mean of x_t − b·t over phase k, less the mean of these over all phases
///   ℓ    = Σ a_t·(x_t − S_k(t)),  a_t ∝ (1 − α)^(L − 1 − t),  Σ a_t = 1
///   ŷ_h  = ℓ + S_k(L + h) + τ·b·(h + 1 + Σ a_t·(L − 1 − t))
/// </code>
/// for h from 0. With τ = ½ it is a relative of the Theta method (Assimakopoulos and Nikolopoulos 2000), which is exponential smoothing
/// with half the slope (Hyndman and Billah 2003); with α = 1, τ = 0 and no season it is persistence. The weights of each sum to 1, so
/// that they serve windows less their last value as well.
/// </summary>
internal static class SimpleForecasts
{
    private const int LeastLength = 3;
    private const double Smooth = 0.3, HalfTrend = 0.5;

    // Of several forecasts the best may be so much better than persistence by chance; and a trend that went on as it was has to be far better
    // than one that slackens, to be believed in.
    private const double OfPersistence = 0.95, OfWholeTrend = 5;

    // A window of less than two seasons says little of the trend: it is shrunk by so much of the squares that a window without seasons has.
    private const double TrendPenalty = 0.25;

    /// <summary>All forecasts that a window is long enough for, persistence first.</summary>
    /// <param name="length">L, 1 or more.</param>
    /// <param name="horizon">H, 1 or more.</param>
    /// <param name="seasons">Each s to try.</param>
    public static IReadOnlyList<SimpleForecast> Of(int length, int horizon, IReadOnlyList<int> seasons)
    {
        List<SimpleForecast> all = [new(NoChange(length, horizon), OfPersistence)];
        foreach (int season in (IEnumerable<int>)[1, .. seasons.Where(season => season > 1).Distinct()])
        {
            if (season > 1 && season <= length)
                all.Add(new(LastSeason(length, horizon, season)));
            if (length < Math.Max(LeastLength, season + 2))
                continue;
            foreach (double smoothing in (ReadOnlySpan<double>)[1, Smooth])
                foreach (double trend in (ReadOnlySpan<double>)[0, HalfTrend])
                    if (smoothing < 1 || trend > 0 || season > 1)
                        all.Add(new(Smoothed(length, horizon, season, smoothing, trend)));
            all.Add(new(Smoothed(length, horizon, season, smoothing: 1, trend: 1), OfWholeTrend));
        }
        return all;
    }

    /// <summary>What was a season before: weights [L + 1, H].</summary>
    public static double[][] LastSeason(int length, int horizon, int season)
    {
        double[][] weights = NoChange(length, horizon);
        for (int h = 0; h < horizon; h++)
            weights[length - season + (h % season)][h] = 1;
        return weights;
    }

    /// <summary>Persistence of windows less their last value: weights [L + 1, H], all 0.</summary>
    public static double[][] NoChange(int length, int horizon) => [.. Enumerable.Range(0, length + 1).Select(_ => new double[horizon])];

    private static double[][] Smoothed(int length, int horizon, int season, double smoothing, double trend)
    {
        double[] slope = Slope(length, season), level = Level(length, smoothing);
        double[][] phases = Phases(slope, season);
        double age = 0;
        for (int t = 0; t < length; t++)
            age += level[t] * (length - 1 - t);
        double[] adjusted = [.. level];
        for (int t = 0; t < length; t++)
            Cholesky.AddScaled(adjusted, phases[t % season], -level[t]);
        double[][] weights = NoChange(length, horizon);
        for (int h = 0; h < horizon; h++)
        {
            double[] phase = phases[(length + h) % season];
            for (int t = 0; t < length; t++)
                weights[t][h] = adjusted[t] + phase[t] + (trend * slope[t] * (h + 1 + age));
        }
        return weights;
    }

    // b as weights of the window. Of phases that come once alone it knows nothing.
    private static double[] Slope(int length, int season)
    {
        double[] slope = new double[length];
        double squares = 0, middle = (length - 1) / 2.0, penalty = length < 2 * season && season > 1 ? TrendPenalty : 0;
        for (int t = 0; t < length; t++)
        {
            slope[t] = t - MeanTime(t % season, length, season);
            squares += (slope[t] * slope[t]) + (penalty * (t - middle) * (t - middle));
        }
        for (int t = 0; t < length; t++)
            slope[t] /= squares;
        return slope;
    }

    // S as weights of the window, a row for each phase.
    private static double[][] Phases(double[] slope, int season)
    {
        int length = slope.Length;
        double[][] phases = [.. Enumerable.Range(0, season).Select(_ => new double[length])];
        double[] mean = new double[length];
        for (int k = 0; k < season; k++)
        {
            int count = Count(k, length, season);
            for (int t = k; t < length; t += season)
                phases[k][t] = 1.0 / count;
            Cholesky.AddScaled(phases[k], slope, -MeanTime(k, length, season));
            Cholesky.AddScaled(mean, phases[k], 1.0 / season);
        }
        foreach (double[] phase in phases)
            Cholesky.AddScaled(phase, mean, -1);
        return phases;
    }

    private static double[] Level(int length, double smoothing)
    {
        double[] level = new double[length];
        double sum = 0, weight = 1;
        for (int t = length - 1; t >= 0; t--, weight *= 1 - smoothing)
        {
            level[t] = weight;
            sum += weight;
        }
        for (int t = 0; t < length; t++)
            level[t] /= sum;
        return level;
    }

    private static int Count(int phase, int length, int season) => (length - phase + season - 1) / season;

    private static double MeanTime(int phase, int length, int season) => phase + ((Count(phase, length, season) - 1) * season / 2.0);
}
