using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// What a forecaster's residuals z = (y − ŷ) / scale were on windows that it had not learned from: their order statistics, and a fitted tail at each end. Says how unlikely a residual is. Immutable;
/// saved with the model.
/// </summary>
/// <param name="Count">Residuals that were seen.</param>
/// <param name="Values">Order statistics, ascending, evenly spread over all of them.</param>
/// <param name="Upper">The tail of the largest; null where too few were seen to fit one.</param>
/// <param name="Lower">The tail of the negated smallest.</param>
internal sealed record ResidualDistribution(int Count, IReadOnlyList<float> Values, ResidualTail? Upper, ResidualTail? Lower)
{
    private const int MostValues = 1001, LeastTail = 5;
    private const double TailShare = 0.1;

    /// <summary>Standard deviations of a normal distribution whose middle 68 % are as wide; positive.</summary>
    [JsonIgnore]
    public double Spread => Math.Max((Quantile(0.84) - Quantile(0.16)) / 2, 1e-6);

    /// <summary>Measures residuals.</summary>
    /// <param name="residuals">At least one, finite.</param>
    public static ResidualDistribution Of(IReadOnlyCollection<float> residuals)
    {
        double[] sorted = [.. residuals.Select(value => (double)value).Order()], negated = [.. sorted.Select(value => -value).Order()];
        int tail = (int)(TailShare * sorted.Length), kept = Math.Min(MostValues, sorted.Length);
        float[] values = kept == 1 ? [(float)sorted[0]] : [.. Enumerable.Range(0, kept).Select(i => (float)sorted[(int)((long)i * (sorted.Length - 1) / (kept - 1))])];
        return tail < LeastTail
            ? new ResidualDistribution(sorted.Length, values, null, null)
            : new ResidualDistribution(sorted.Length, values, ResidualTail.Of(sorted, tail), ResidualTail.Of(negated, tail));
    }

    /// <summary>The probability of a residual as far out as this one, on either side.</summary>
    public double PValue(double residual) => Math.Min(1, 2 * Math.Min(Above(residual), Below(residual)));

    /// <summary>The interval that holds a residual with a probability.</summary>
    /// <param name="level">The probability, in (0, 1).</param>
    public (double Lower, double Upper) Interval(double level)
    {
        double tail = (1 - level) / 2;
        return (Lower is { } lower && tail <= lower.Probability ? -lower.ValueAt(tail) : Quantile(tail), Upper is { } upper && tail <= upper.Probability ? upper.ValueAt(tail) : Quantile(1 - tail));
    }

    /// <summary>Whether a file's values can be such a distribution.</summary>
    [JsonIgnore]
    public bool IsValid => Count > 0 && Values is { Count: > 0 and <= MostValues } && Values.All(float.IsFinite) && Values.Zip(Values.Skip(1)).All(pair => pair.First <= pair.Second)
        && IsTail(Upper) && IsTail(Lower);

    private static bool IsTail(ResidualTail? tail) =>
        tail is null || (double.IsFinite(tail.Threshold) && tail.Probability is > 0 and <= 0.5 && tail.Shape is >= -0.1 and < 0.5 && tail.Scale > 0 && double.IsFinite(tail.Scale));

    // As of n + 1 exchangeable values: never 0, which nothing that was seen n times can be.
    private double Above(double residual) => Upper is { } tail && residual > tail.Threshold ? tail.Beyond(residual) : Share(Values.Count - First(value => value >= residual));

    private double Below(double residual) => Lower is { } tail && -residual > tail.Threshold ? tail.Beyond(-residual) : Share(First(value => value > residual));

    private double Share(int kept) => ((double)kept / Values.Count * Count + 1) / (Count + 1);

    private int First(Func<float, bool> holds)
    {
        int low = 0, high = Values.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = holds(Values[middle]) ? (low, middle) : (middle + 1, high);
        }
        return low;
    }

    private double Quantile(double share) => Values[Math.Clamp((int)Math.Ceiling(share * (Values.Count + 1)) - 1, 0, Values.Count - 1)];
}
