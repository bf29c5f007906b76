using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>A trained network, ready to score: immutable, shared by any number of threads, each with a session of its own.</summary>
public sealed class NetworkScorer
{
    private readonly NetworkWeights _weights;
    private readonly ParameterLayout _layout;

    /// <summary>Takes over a copy of the weights.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="weights">The parameters, laid out by <see cref="ParameterLayout"/>.</param>
    /// <exception cref="ArgumentException">The weights are not as long as the layout.</exception>
    public NetworkScorer(NetworkSpec spec, ReadOnlySpan<float> weights)
        : this(spec, weights, WeightPrecision.Single)
    {
    }

    /// <summary>Takes over a copy of the weights, stored as asked for.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="weights">The parameters, laid out by <see cref="ParameterLayout"/>.</param>
    /// <param name="precision">
    /// How matrices are stored. With <see cref="WeightPrecision.BFloat16"/> outputs have the bits of a network in single precision whose matrices were rounded so.
    /// </param>
    /// <exception cref="ArgumentException">The weights are not as long as the layout.</exception>
    public NetworkScorer(NetworkSpec spec, ReadOnlySpan<float> weights, WeightPrecision precision)
    {
        var layout = new ParameterLayout(spec);
        if (weights.Length != layout.BlockLength)
            throw new ArgumentException(Invariant($"The weights have {Plural.Of(weights.Length,
                "float")}; expected {layout.BlockLength}."), nameof(weights));
        _layout = layout;
        _weights = new NetworkWeights(spec, layout, forTraining: false, precision);
        weights.CopyTo(_weights.Span);
        if (precision == WeightPrecision.BFloat16)
            RoundMatrices();
        using var team = new WorkerTeam(1);
        _weights.Pack(team);
        _weights.ReleasePacked();
    }

    /// <summary>The architecture.</summary>
    public NetworkSpec Spec => _weights.Spec;

    /// <summary>How its matrices are stored.</summary>
    public WeightPrecision Precision => _weights.Dense.Matrix.Precision;

    /// <summary>The layout of what <see cref="ExportWeights"/> gives.</summary>
    public ParameterLayout Layout => _layout;

    /// <summary>The parameters as they were given, or as they were rounded.</summary>
    public float[] ExportWeights()
    {
        float[] weights = new float[_layout.BlockLength];
        _weights.Export(_layout, weights);
        return weights;
    }

    /// <summary>The same network with its matrices stored as asked for; itself if they are.</summary>
    internal NetworkScorer WithPrecision(WeightPrecision precision) => precision == Precision ? this : new NetworkScorer(Spec,
        ExportWeights(), precision);

    /// <summary>Creates scratch buffers for one thread.</summary>
    public ScoringSession CreateSession() => new(_weights);

    /// <summary>
    /// The same with a team of threads, which stays the caller's: worth it where a long stream is read alone. The bits do not depend on it.
    /// </summary>
    internal ScoringSession CreateSession(WorkerTeam team) => new(_weights, team);

    // Embeddings as well, although they are stored as floats, so that tied ones are the same at both ends, and all parameters what Export gives.
    private void RoundMatrices()
    {
        foreach (ParameterSlice slice in _layout.Slices.Where(slice => slice.Shape.Count > 1))
            foreach (ref float weight in _weights.Span.Slice(slice.Offset, slice.Length))
                weight = BFloat16.Round(weight);
    }
}
