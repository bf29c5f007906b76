namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Split-conformal calibration of intervals, step by step of the horizon (Romano, Patterson and Candès, "Conformalized quantile regression", 2019): an interval [l, u] becomes
/// [l − a, u + b], where a and b are the quantiles, on held-out windows, of how far what came lay below l and above u. Each side leaves out half of 1 − level, so that the interval
/// covers its level on data like those, whatever the network says. Immutable; saved with the model.
/// </summary>
/// <param name="Level">The level of the interval.</param>
/// <param name="Below">a for each step, in units of the window's scale; negative where the network's bound was too low.</param>
/// <param name="Above">b for each step.</param>
internal sealed record IntervalCalibration(double Level, IReadOnlyList<float> Below, IReadOnlyList<float> Above)
{
    /// <summary>Measures held-out windows.</summary>
    /// <param name="level">The level, in (0, 1).</param>
    /// <param name="below">For each step, l − y of every held-out window, in units of its scale.</param>
    /// <param name="above">For each step, y − u.</param>
    public static IntervalCalibration Of(double level, IReadOnlyList<List<float>> below, IReadOnlyList<List<float>> above) =>
        new(level, [.. below.Select(scores => Quantile(scores, level))], [.. above.Select(scores => Quantile(scores, level))]);

    /// <summary>The interval of a step.</summary>
    public (float Lower, float Upper) Apply(int step, float lower, float upper)
    {
        float l = lower - Below[step], u = upper + Above[step];
        // Two bounds that were both drawn in may pass each other; what lies between is then a point.
        return l <= u ? (l, u) : ((l + u) / 2, (l + u) / 2);
    }

    // The ⌈(n + 1)·p⌉-th smallest, p = (1 + level) / 2: so many of n + 1 exchangeable scores lie at or below it.
    private static float Quantile(List<float> scores, double level)
    {
        if (scores.Count == 0)
            return 0;
        float[] sorted = [.. scores];
        Array.Sort(sorted);
        int rank = (int)Math.Ceiling((sorted.Length + 1) * (1 + level) / 2);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }
}
