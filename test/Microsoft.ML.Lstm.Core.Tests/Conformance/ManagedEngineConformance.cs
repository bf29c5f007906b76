namespace Microsoft.ML.Lstm.Core.Tests.Conformance;

/// <summary>The managed engine.</summary>
public sealed class ManagedEngineConformance : EngineConformance
{
    /// <inheritdoc/>
    protected override TrainingEngine Engine => TrainingEngine.Managed;
}
