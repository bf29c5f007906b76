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
    {
        var layout = new ParameterLayout(spec);
        if (weights.Length != layout.BlockLength)
            throw new ArgumentException(Invariant($"The weights have {Plural.Of(weights.Length, "float")}; expected {layout.BlockLength}."), nameof(weights));
        _layout = layout;
        _weights = new NetworkWeights(spec, layout, forTraining: false);
        weights.CopyTo(_weights.Span);
        using var team = new WorkerTeam(1);
        _weights.Pack(team);
        _weights.ReleasePacked();
    }

    /// <summary>The architecture.</summary>
    public NetworkSpec Spec => _weights.Spec;

    /// <summary>The layout of what <see cref="ExportWeights"/> gives.</summary>
    public ParameterLayout Layout => _layout;

    /// <summary>The parameters as they were given.</summary>
    public float[] ExportWeights()
    {
        float[] weights = new float[_layout.BlockLength];
        _weights.Export(_layout, weights);
        return weights;
    }

    /// <summary>Creates scratch buffers for one thread.</summary>
    public ScoringSession CreateSession() => new(_weights);
}
