namespace Microsoft.ML.Lstm.Training;

/// <summary>Makes <see cref="ManagedEngine"/>s, which can do everything.</summary>
internal sealed class ManagedTrainingEngine : TrainingEngine
{
    public override string Name => nameof(Managed);

    public override EngineCapabilities Capabilities { get; } = new();

    protected override ITrainingEngine CreateEngine(EngineRequest request) => new ManagedEngine(request.Network, request.Options);
}
