using Microsoft.ML.Lstm.Core.Tests.Conformance;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The engine on the CPU, whose results are read at intervals as on a GPU.</summary>
public sealed class DeferredEngineConformance : EngineConformance
{
    /// <inheritdoc/>
    protected override TrainingEngine Engine { get; } = new Deferred();

    private sealed class Deferred : TrainingEngine
    {
        public override string Name => "Torch, read at intervals";

        public override EngineCapabilities Capabilities { get; } = new TorchTrainingEngine().Capabilities;

        protected override ITrainingEngine CreateEngine(EngineRequest request) => new TorchEngine(request.Network, request.Options, CPU, TorchPrecision.Float32, mostUnreadSteps: 16);
    }
}
