namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// How residuals are spread beyond a threshold u, where few were seen: a generalized Pareto distribution fitted by its moments (Hosking and Wallis 1987; for anomalies in streams Siffer et al. 2017),
/// <code>
///   P(z &gt; u + x) = p · (1 + ξ·x/σ)^(−1/ξ),    p · exp(−x/σ) where ξ = 0,    ξ = (1 − m²/s²) / 2,    σ = m·(1 − ξ)
/// </code>
/// with m and s² mean and variance of what lies beyond u. Immutable; saved with the model.
/// </summary>
/// <param name="Threshold">u.</param>
/// <param name="Probability">p, the share of residuals beyond u.</param>
/// <param name="Shape">ξ, −0.1 to below ½: how slowly the tail falls.</param>
/// <param name="Scale">σ, positive.</param>
internal sealed record ResidualTail(double Threshold, double Probability, double Shape, double Scale)
{
    // In units of a series: residuals that are all alike leave no scale of their own.
    private const double LeastScale = 1e-3;

    // That of a normal distribution's outer tenth and less: a tail that ends near the largest value seen would take the next larger one for impossible.
    private const double LeastShape = -0.1;
    private const double Flat = 1e-6;

    /// <summary>Fits the tail of the largest values.</summary>
    /// <param name="sorted">All values, ascending.</param>
    /// <param name="count">How many of the largest make the tail; fewer than there are values.</param>
    public static ResidualTail Of(ReadOnlySpan<double> sorted, int count)
    {
        double threshold = sorted[^(count + 1)], mean = 0, square = 0;
        foreach (double value in sorted[^count..])
            mean += (value - threshold) / count;
        foreach (double value in sorted[^count..])
            square += Math.Pow(value - threshold - mean, 2) / count;
        double shape = Math.Max(LeastShape, 0.5 * (1 - (square > 0 ? mean * mean / square : double.MaxValue)));
        return new ResidualTail(threshold, (double)count / sorted.Length, shape, Math.Max(mean * (1 - shape), LeastScale));
    }

    /// <summary>The probability of a value beyond one that lies beyond the threshold.</summary>
    public double Beyond(double value)
    {
        double x = (value - Threshold) / Scale;
        return Probability * (Math.Abs(Shape) > Flat ? Math.Pow(Math.Max(0, 1 + (Shape * x)), -1 / Shape) : Math.Exp(-x));
    }

    /// <summary>The value beyond which another lies with a probability of at most <see cref="Probability"/>.</summary>
    public double ValueAt(double probability)
    {
        double share = probability / Probability;
        return Threshold + (Scale * (Math.Abs(Shape) > Flat ? (Math.Pow(share, -Shape) - 1) / Shape : -Math.Log(share)));
    }
}
