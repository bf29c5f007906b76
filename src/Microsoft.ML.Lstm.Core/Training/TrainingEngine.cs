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

    /// <summary>The name, for messages and logs.</summary>
    public abstract string Name { get; }

    /// <summary>What the engine can do exactly.</summary>
    public abstract EngineCapabilities Capabilities { get; }

    /// <summary>Makes an engine with freshly drawn weights.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The engine cannot do what is asked; names the option, and the engine that can.</exception>
    public ITrainingEngine Create(EngineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        Capabilities.Require(this, request);
        return CreateEngine(request);
    }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Makes an engine for a request that has been checked.</summary>
    protected abstract ITrainingEngine CreateEngine(EngineRequest request);
}
