using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>A trained network, ready to score: immutable, shared by any number of threads, each with a session of its own.</summary>
public sealed class NetworkScorer
{
    private readonly NetworkWeights _weights;

    /// <summary>Takes over a copy of the weights.</summary>
    /// <param name="spec">The architecture.</param>
    /// <param name="weights">The parameters, laid out by <see cref="ParameterLayout"/>.</param>
    /// <exception cref="ArgumentException">The weights are not as long as the layout.</exception>
    public NetworkScorer(NetworkSpec spec, ReadOnlySpan<float> weights)
    {
        var layout = new ParameterLayout(spec);
        if (weights.Length != layout.BlockLength)
            throw new ArgumentException(Invariant($"The weights have {Plural.Of(weights.Length, "float")}; expected {layout.BlockLength}."), nameof(weights));
        _weights = new NetworkWeights(spec, layout, forTraining: false);
        weights.CopyTo(_weights.Span);
        using var team = new WorkerTeam(1);
        _weights.Pack(team);
    }

    /// <summary>The architecture.</summary>
    public NetworkSpec Spec => _weights.Spec;

    /// <summary>Creates scratch buffers for one thread.</summary>
    public ScoringSession CreateSession() => new(_weights);
}
