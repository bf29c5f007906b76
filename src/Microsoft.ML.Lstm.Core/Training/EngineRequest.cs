using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What a <see cref="TrainingEngine"/> is asked for.</summary>
/// <param name="Network">The architecture.</param>
/// <param name="Options">Loss, optimiser and the like.</param>
public sealed record EngineRequest(NetworkSpec Network, EngineOptions Options)
{
    /// <summary>The GPU to train on, as <c>MLContext.GpuDeviceId</c> has it; null: the CPU. Engines that know no devices disregard it. Default: null.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether the CPU will do when there is no such GPU. Default: true.</summary>
    public bool FallbackToCpu { get; init; } = true;

    internal void Validate() => Options.Validate(Network);
}
