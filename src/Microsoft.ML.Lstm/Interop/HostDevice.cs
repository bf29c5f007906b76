using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// The device that <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c> choose, which a host has from its context by an internal interface. Chosen
/// at training, never stored in a model.
/// </summary>
internal static class HostDevice
{
    /// <summary>An engine on the environment's device.</summary>
    public static TrainingEngine On(IHostEnvironment environment, TrainingEngine engine) =>
        environment is IHostEnvironmentInternal host ? new EngineOnDevice(engine, host.GpuDeviceId, host.FallbackToCpu) : engine;
}
