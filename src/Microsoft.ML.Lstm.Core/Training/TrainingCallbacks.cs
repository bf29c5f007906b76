namespace Microsoft.ML.Lstm.Training;

/// <summary>An observer made of delegates.</summary>
public sealed class TrainingCallbacks : ITrainingObserver
{
    /// <summary>Called after every update. Default: null.</summary>
    public Action<BatchReport>? BatchDone { get; init; }

    /// <summary>Called after every epoch. Default: null.</summary>
    public Action<EpochReport>? EpochDone { get; init; }

    /// <inheritdoc/>
    public void AfterBatch(in BatchReport report) => BatchDone?.Invoke(report);

    /// <inheritdoc/>
    public void AfterEpoch(EpochReport report) => EpochDone?.Invoke(report);
}
