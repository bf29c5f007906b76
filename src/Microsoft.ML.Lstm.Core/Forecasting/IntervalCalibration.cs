using System.Text.Json.Serialization;

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
    // Of all steps together, so that a long horizon does not make a file of scores.
    private const int MostScores = 20_000, MostOfStep = 201, LeastOfStep = 21;

    // With one, the distribution's tail is so heavy that an interval of two windows says nothing.
    private const int LeastDegrees = 2;

    /// <summary>Order statistics of l − y for each step, evenly spread over the held-out windows, for other levels than <see cref="Level"/>; empty if none were kept.</summary>
    public IReadOnlyList<IReadOnlyList<float>> BelowScores { get; init; } = [];

    /// <summary>The same of y − u.</summary>
    public IReadOnlyList<IReadOnlyList<float>> AboveScores { get; init; } = [];

    /// <summary>Held-out windows that were measured; null in files of before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? WindowCount { get; init; }

    /// <summary>How far the series moved from row to row in the horizons of those windows, in units of each window's scale: mean absolute change; null in files of before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Movement { get; init; }

    /// <summary>Whether intervals of any level can be given.</summary>
    [JsonIgnore]
    public bool HasOtherLevels => BelowScores.Count > 0;

    /// <summary>Measures held-out windows.</summary>
    /// <param name="level">The level, in (0, 1).</param>
    /// <param name="below">For each step, l − y of every held-out window, in units of its scale.</param>
    /// <param name="above">For each step, y − u.</param>
    public static IntervalCalibration Of(double level, IReadOnlyList<List<float>> below, IReadOnlyList<List<float>> above)
    {
        int kept = Math.Min(MostOfStep, MostScores / Math.Max(1, below.Count));
        bool keeps = kept >= LeastOfStep && below.All(scores => scores.Count > 0);
        return new(level, [.. below.Select(scores => Quantile(scores, level))], [.. above.Select(scores => Quantile(scores, level))])
        {
            BelowScores = keeps ? [.. below.Select(scores => Kept(scores, kept))] : [],
            AboveScores = keeps ? [.. above.Select(scores => Kept(scores, kept))] : [],
        };
    }

    /// <summary>The interval of a step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="lower">The network's lower bound, in units of the window's scale.</param>
    /// <param name="upper">Its upper bound.</param>
    /// <param name="level">The level; null: <see cref="Level"/>.</param>
    public (float Lower, float Upper) Apply(int step, float lower, float upper, double? level = null)
    {
        (float below, float above) = Widening(step, level);
        float l = lower - below, u = upper + above;
        // Two bounds that were both drawn in may pass each other; what lies between is then a point.
        return l <= u ? (l, u) : ((l + u) / 2, (l + u) / 2);
    }

    /// <summary>a and b of a step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="level">The level; null: <see cref="Level"/>.</param>
    public (float Below, float Above) Widening(int step, double? level = null) => level is { } other && other != Level
        ? (Quantile(BelowScores[step], other), Quantile(AboveScores[step], other))
        : (Below[step], Above[step]);

    /// <summary>
    /// The ⌈(n + 1)·p⌉-th smallest, p = (1 + level) / 2: so many of n + 1 exchangeable scores lie at or below it. Of fewer scores than that, none is far enough out: then what lies above the next
    /// of normally distributed ones with probability 1 − p, mean + s·√(1 + 1/n) times Student's quantile, but never less than the largest.
    /// </summary>
    internal static float Quantile(IReadOnlyList<float> scores, double level)
    {
        if (scores.Count == 0)
            return 0;
        float[] sorted = [.. scores];
        Array.Sort(sorted);
        double share = (1 + level) / 2;
        int count = sorted.Length, rank = (int)Math.Ceiling((count + 1) * (1 + level) / 2);
        if (rank <= count)
            return sorted[Math.Max(rank, 1) - 1];
        double mean = sorted.Average(score => (double)score), square = sorted.Sum(score => Math.Pow(score - mean, 2)) / Math.Max(1, count - 1);
        double beyond = mean + (Math.Sqrt(square * (1 + (1.0 / count))) * StudentDistribution.Quantile(share, Math.Max(LeastDegrees, count - 1)));
        return Math.Max(sorted[^1], (float)Math.Min(beyond, float.MaxValue));
    }

    private static float[] Kept(List<float> scores, int most)
    {
        float[] sorted = [.. scores];
        Array.Sort(sorted);
        return sorted.Length <= most ? sorted : [.. Enumerable.Range(0, most).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / (most - 1))])];
    }
}
