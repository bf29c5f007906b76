using Microsoft.ML.Lstm.Core.Tests.Conformance;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The engine on a GPU; skipped where there is none.</summary>
public sealed class CudaEngineConformance : EngineConformance
{
    public CudaEngineConformance()
    {
        if (TorchRuntime.WhyUnavailable(0) is { } why)
            throw new InvalidOperationException("$XunitDynamicSkip$" + why);
    }

    /// <inheritdoc/>
    protected override TrainingEngine Engine { get; } = new OnFirstGpu();

    private sealed class OnFirstGpu : TrainingEngine
    {
        private readonly TorchTrainingEngine _engine = new();

        public override string Name => _engine.Name;

        public override EngineCapabilities Capabilities => _engine.Capabilities;

        protected override ITrainingEngine CreateEngine(EngineRequest request) => _engine.Create(request with { GpuDeviceId = 0, FallbackToCpu = false });
    }
}
