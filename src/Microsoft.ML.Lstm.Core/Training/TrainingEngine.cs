using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm;

/// <summary>
/// What a network is trained by, as an option names it. Pipeline, model file and scoring do not depend on it. Other assemblies derive engines of
/// their own; a name that none is found for is refused where it is set.
/// </summary>
public abstract class TrainingEngine
{
    /// <summary>The engine in managed code, which has nothing to install and can do everything.</summary>
    public static TrainingEngine Managed { get; } = new ManagedTrainingEngine();

    /// <summary>
    /// The engine on TorchSharp, for wide networks on a GPU: <c>MLContext.GpuDeviceId</c> says on which; null is the CPU. Needs the package
    /// Microsoft.ML.Lstm.TorchSharp and the native library, TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux.
    /// </summary>
    public static TrainingEngine Torch { get; } = new NativeTrainingEngine();

    /// <summary>
    /// <see cref="Torch"/> where <c>MLContext.GpuDeviceId</c> names a CUDA device that is there and the network is large enough to gain by it, or where
    /// <c>MLContext.FallbackToCpu</c> is false; <see cref="Managed"/> otherwise.
    /// </summary>
    public static TrainingEngine Auto { get; } = new AutoTrainingEngine();

    /// <summary>The name, for messages and logs.</summary>
    public abstract string Name { get; }

    /// <summary>What the engine can do exactly.</summary>
    public abstract EngineCapabilities Capabilities { get; }

    /// <summary>Makes an engine with freshly drawn weights.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The engine cannot do what is asked; names the option, and the engine that can.</exception>
    /// <exception cref="TrainingEngineUnavailableException">A package, a native library or the device is missing; says which, and how to get it.</exception>
    public ITrainingEngine Create(EngineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        Capabilities.Require(this, request);
        return CreateEngine(request);
    }

    /// <summary>
    /// What is missing for the engine to be made as asked, a package, a native library or a device; null: nothing. Whether it can do what is asked
    /// <see cref="Capabilities"/> tell.
    /// </summary>
    public virtual string? WhyUnavailable(EngineRequest request) => null;

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Makes an engine for a request that has been checked.</summary>
    protected abstract ITrainingEngine CreateEngine(EngineRequest request);
}
