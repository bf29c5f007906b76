using Microsoft.ML.Lstm.Core.Tests.Conformance;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The engine on libtorch for the CPU.</summary>
public sealed class TorchEngineConformance : EngineConformance
{
    /// <inheritdoc/>
    protected override TrainingEngine Engine { get; } = new TorchTrainingEngine();
}
