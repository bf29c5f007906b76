namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// What a normalised window says of its targets by a line, which is subtracted from targets and added to outputs, so that the network learns what a
/// line misses: with z [L] the last L values of the series that target j continues, l_j = b_j + Σ_i W_ji·z_i, summed in double. Immutable.
/// </summary>
internal sealed class LinearForecast
{
    /// <summary>L at most of a regression that stands beside a network of windows: a longer one costs its cube, and the network reads the rest.</summary>
    public const int MostLength = 400;

    private readonly float[] _weights, _intercepts;

    /// <summary>Takes over the weights.</summary>
    /// <param name="weights">W, [J, L], row-major.</param>
    /// <param name="intercepts">b, [J].</param>
    /// <exception cref="ArgumentException">There is no target or no value to read, the weights are not as many for each target, or one is not finite.</exception>
    public LinearForecast(float[] weights, float[] intercepts)
    {
        if (intercepts.Length == 0 || weights.Length == 0 || weights.Length % intercepts.Length != 0)
            throw new ArgumentException(
                Invariant($"The linear forecast has {Plural.Of(weights.Length, "weight")} for {Plural.Of(intercepts.Length, "target")}; expected as many for each, and at least one."), nameof(weights));
        foreach (float value in (ReadOnlySpan<float>)[.. weights, .. intercepts])
            if (!float.IsFinite(value))
                throw new ArgumentException(Invariant($"The linear forecast has the weight {value}; expected finite ones."), nameof(weights));
        (_weights, _intercepts) = (weights, intercepts);
    }

    /// <summary>J, the targets.</summary>
    public int TargetCount => _intercepts.Length;

    /// <summary>L, the rows at the end of a window that are read.</summary>
    public int Length => _weights.Length / _intercepts.Length;

    /// <summary>W, [J, L].</summary>
    public ReadOnlyMemory<float> Weights => _weights;

    /// <summary>b, [J].</summary>
    public ReadOnlyMemory<float> Intercepts => _intercepts;

    /// <summary>l_j.</summary>
    /// <param name="target">j.</param>
    /// <param name="z">The last values of the series that it continues, normalised: [L].</param>
    public double Of(int target, ReadOnlySpan<float> z)
    {
        ReadOnlySpan<float> weights = _weights.AsSpan(target * z.Length, z.Length);
        double sum = _intercepts[target];
        for (int i = 0; i < z.Length; i++)
            sum += (double)weights[i] * z[i];
        return sum;
    }
}
