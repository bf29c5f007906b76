namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Is told how a training goes: progress, reports, the doctor. Runs on the training thread, between steps, so it should be quick; it may look at
/// the engine but not move it.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>Before the first step, and before a checkpoint is resumed from.</summary>
    void Begin(TrainingStart start)
    {
    }

    /// <summary>After every update, in order; where the engine's results are read at intervals, for several updates one after the other.</summary>
    void AfterBatch(in BatchReport report)
    {
    }

    /// <summary>After every epoch, its validation and its checkpoint.</summary>
    void AfterEpoch(EpochReport report)
    {
    }

    /// <summary>After the training; the engine has the weights that the caller gets.</summary>
    void End(TrainingHistory history)
    {
    }

    /// <summary>Instead of <see cref="End"/> when the loss is no longer finite; the exception is thrown afterwards.</summary>
    void Diverged(TrainingDivergedException exception)
    {
    }
}
