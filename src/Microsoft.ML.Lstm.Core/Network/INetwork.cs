using Microsoft.ML.Lstm.Network.Forecasting;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A network on one set of scratch buffers, forward and backward; what engines, scorers and the doctor work with, whatever its kind. One caller at a
/// time; the weights may be shared. At steady state a pass allocates nothing.
/// </summary>
internal unsafe interface INetwork
{
    /// <summary>The architecture.</summary>
    NetworkSpec Spec { get; }

    /// <summary>The outputs of the last pass, [<see cref="OutputRows"/>, <see cref="OutputRow"/>].</summary>
    float* Output { get; }

    /// <summary>Row stride of the outputs.</summary>
    nint OutputRow { get; }

    /// <summary>B, or N when every step has an output.</summary>
    int OutputRows { get; }

    /// <summary>
    /// Runs the network. <paramref name="state"/>: begins the sequences where the last chunk ended, and is moved on.
    /// </summary>
    /// <exception cref="ArgumentException">The batch does not fit the network, or no buffer can hold as many steps.</exception>
    void Forward(SequenceBatch batch, PassKind pass, NetworkState? state, in DropoutPlan dropout);

    /// <summary>Adds all gradients to the block, from ∂loss/∂output in <see cref="Output"/>'s place and layout.</summary>
    void Backward(float* gradients, bool freezeEmbedding);

    /// <summary>What a layer's last kept pass left behind.</summary>
    LayerTrace Trace(int layer, int direction);

    /// <summary>Copies the outputs without padding.</summary>
    void CopyOutputs(Span<float> to);

    /// <summary>The network that <see cref="NetworkWeights.Spec"/> describes.</summary>
    static INetwork Create(NetworkWeights weights, WorkerTeam team) =>
        weights.Forecast is null ? new RecurrentNetwork(weights, team) : new ForecastNetwork(weights, weights.Forecast, team);
}
