using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The managed engine, but on a GPU that is asked for, is there and has enough to do, the Torch engine. Where the CPU will not do
/// (<see cref="EngineRequest.FallbackToCpu"/>), the Torch engine whatever there is to do, which says what is missing.
/// </summary>
internal sealed class AutoTrainingEngine : TrainingEngine
{
    /// <summary>
    /// Recurrent weights below which a GPU waits for its kernels to start rather than computes: those of an LSTM of 100 units that reads one value, the
    /// least that was measured to train faster on one than on twelve cores (docs/engines.md).
    /// </summary>
    internal const long EnoughWeights = 4 * 100 * (100 + 1);

    public override string Name => nameof(Auto);

    public override EngineCapabilities Capabilities => Managed.Capabilities;

    public override string? WhyUnavailable(EngineRequest request) => Choose(request, Torch).WhyUnavailable(request);

    /// <summary>The engine that trains.</summary>
    internal static TrainingEngine Choose(EngineRequest request, TrainingEngine torch)
    {
        if (request.GpuDeviceId is null)
            return Managed;
        if (!request.FallbackToCpu)
            return torch;
        return RecurrentWeights(request.Network) >= EnoughWeights && torch.WhyUnavailable(request) is null && torch.Capabilities.Allow(torch, request) ? torch : Managed;
    }

    protected override ITrainingEngine CreateEngine(EngineRequest request) => Choose(request, Torch).Create(request);

    private static long RecurrentWeights(NetworkSpec network)
    {
        long weights = 0;
        for (int layer = 0; layer < network.HiddenSizes.Count; layer++)
            weights += (long)network.Directions * ParameterLayout.Gates(network.Cell) * network.HiddenSizes[layer] * (network.HiddenSizes[layer] + network.LayerInputSize(layer));
        return weights;
    }
}
