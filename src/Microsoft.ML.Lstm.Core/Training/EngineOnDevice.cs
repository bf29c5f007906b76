namespace Microsoft.ML.Lstm.Training;

/// <summary>An engine that is always asked for the same device.</summary>
/// <param name="engine">The engine.</param>
/// <param name="gpuDeviceId">The GPU; null: the CPU.</param>
/// <param name="fallbackToCpu">Whether the CPU will do when there is no such GPU.</param>
internal sealed class EngineOnDevice(TrainingEngine engine, int? gpuDeviceId, bool fallbackToCpu) : TrainingEngine
{
    public override string Name => engine.Name;

    public override EngineCapabilities Capabilities => engine.Capabilities;

    public override string? WhyUnavailable(EngineRequest request) => engine.WhyUnavailable(OnDevice(request));

    protected override ITrainingEngine CreateEngine(EngineRequest request) => engine.Create(OnDevice(request));

    private EngineRequest OnDevice(EngineRequest request) => request with { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu };
}
