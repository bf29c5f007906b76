using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What comes before the first step, and the checkpoints: in one process or in several that must not wait for one that has failed.</summary>
public sealed partial class TrainingLoop
{
    /// <summary>All that can fail before the first step, in one process or in all.</summary>
    private CheckpointWriter? Prepare(Lockstep lockstep, IExampleSource training, IExampleSource? validation, out BatchOrder order, out BatchOrder? validationOrder)
    {
        CheckpointWriter? checkpoints = null;
        BatchOrder? trainingBatches = null, validationBatches = null;
        try
        {
            lockstep.Together(() =>
            {
                checkpoints = _options.CheckpointPath is { } file && lockstep.IsFirst ? CheckpointWriter.Open(file) : null;
                trainingBatches = Order(training);
                validationBatches = validation is null ? null : ValidationOrder(validation);
            });
            bool needsScope = checkpoints is not null || _options.ResumeFrom is not null || Distribution is not null;
            _scope = needsScope ? CheckpointScope.Of(_options, _engine.Options, training, validation) with { ShardsPerBatch = Distribution?.ShardCount } : null;
            if (Distribution is { } how)
                Handshake.Of(_engine, _options, _scope!, how.ShardCount).Require(how.Group);
            (order, validationOrder) = (trainingBatches!, validationBatches);
            return checkpoints;
        }
        catch
        {
            checkpoints?.Dispose();
            throw;
        }
    }

    // In every process, since all have to send.
    private static IExampleSource? Seen(IExampleSource? examples) => examples is SequenceDataset dataset ? dataset.Sample() : examples;

    private ITrainingSteps Steps(CancellationTokenSource cancellation)
    {
        if (Distribution is not null && Reduction is not null)
            throw new InvalidOperationException($"{nameof(Reduction)} and {nameof(Distribution)} are both given; expected one of them.");
        return Distribution is null ? new LocalSteps(_engine, Reduction) : new ShardedSteps(_engine, Distribution, cancellation);
    }

    private void Save()
    {
        if (_options.CheckpointPath is null)
            return;
        // In every process: a step that diverged must be found in all of them alike, and each carries the state of its shards.
        ReadSteps();
        IReadOnlyDictionary<string, float[]> state = _steps!.ExportState();
        _checkpoints?.Save(_engine, state, _bestWeights, _progress, _scope!);
    }

    private void Resume(string path, int batchCount, Lockstep lockstep)
    {
        using Stream stream = lockstep.Open(path, Checkpoint.Open);
        lockstep.Together(() =>
        {
            Checkpoint checkpoint = Checkpoint.Read(path, stream);
            checkpoint.RequireScope(_scope!, _options.ResumeWithNewSchedule);
            checkpoint.RequireBatches(batchCount);
            checkpoint.RestoreTo(_engine);
            (_progress, _bestWeights) = (checkpoint.Progress, checkpoint.BestWeights);
        });
    }
}
