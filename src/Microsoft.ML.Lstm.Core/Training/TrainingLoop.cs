using System.Diagnostics;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Trains an engine: batch, step, report; validation, schedule and checkpoint at each epoch's end. Knows nothing of the network.
/// </summary>
public sealed class TrainingLoop
{
    private readonly ISequenceEngine _engine;
    private readonly TrainingOptions _options;
    private readonly SequenceBatch _batch = new();
    private TrainingProgress _progress = new();
    private float[]? _bestWeights;
    private CheckpointScope? _scope;
    private CheckpointWriter? _checkpoints;

    /// <summary>Creates a loop.</summary>
    /// <param name="engine">What to train; it stays the caller's.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the engine carries a state that the order of batches would mix up.</exception>
    public TrainingLoop(ISequenceEngine engine, TrainingOptions options)
    {
        options.Validate();
        if (engine.IsStateful && options.Order != BatchOrderKind.Streams)
            throw new ArgumentException(
                Invariant($"{nameof(options.Order)} is {options.Order}; expected {BatchOrderKind.Streams}, since the engine is stateful: a batch must go on where the one before ended."), nameof(options));
        (_engine, _options) = (engine, options);
    }

    /// <summary>Called after every update. It runs on the training thread, so it should be quick.</summary>
    public Action<BatchReport>? BatchDone { get; init; }

    /// <summary>Called after every epoch.</summary>
    public Action<EpochReport>? EpochDone { get; init; }

    /// <summary>
    /// Trains to the end, or on from a checkpoint; the engine is left with the best or the last weights (<see cref="TrainingOptions.RestoreBestWeights"/>).
    /// </summary>
    /// <param name="training">What to train on.</param>
    /// <param name="validation">What to validate on; null: the part that the options hold back, if any.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="ArgumentException">There is nothing to train on, validation is given twice, or <see cref="TrainingOptions.CheckpointPath"/> cannot be written.</exception>
    /// <exception cref="IOException">Another training writes to <see cref="TrainingOptions.CheckpointPath"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no file at <see cref="TrainingOptions.ResumeFrom"/>.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to resume from is broken, of a newer version, or of another training.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled; the engine has the weights of the last update.</exception>
    /// <exception cref="TrainingDivergedException">The loss or gradient is no longer finite; the engine has the weights of the last good update, or when that had overflowed them, of the best epoch.</exception>
    public TrainingHistory Run(SequenceDataset training, SequenceDataset? validation = null, CancellationToken cancellationToken = default)
    {
        using CheckpointWriter? checkpoints = _options.CheckpointPath is { } file ? CheckpointWriter.Open(file) : null;
        if (validation is null)
            (training, validation) = _options.Split(training);
        else if (_options.ValidationFraction > 0)
            throw new ArgumentException(Invariant($"{nameof(_options.ValidationFraction)} is {_options.ValidationFraction}; expected 0, since a validation dataset is given."), nameof(validation));
        BatchOrder order = Order(training), validationOrder = validation is null ? order : ValidationOrder(validation);
        (_progress, _bestWeights, _checkpoints) = (new TrainingProgress(), null, checkpoints);
        bool needsScope = checkpoints is not null || _options.ResumeFrom is not null;
        _scope = needsScope ? CheckpointScope.Of(_options, _engine.Options, training, validation) : null;
        if (_options.ResumeFrom is { } path)
            Resume(path, order.BatchCount);
        bool cancelled = false;
        try
        {
            while (EndReason() is null)
                RunEpoch(order, validation is null ? null : validationOrder, cancellationToken);
        }
        catch (OperationCanceledException) when (_options.KeepWeightsOnCancellation && cancellationToken.IsCancellationRequested)
        {
            cancelled = true;
        }
        if (_options.RestoreBestWeights && _bestWeights is not null)
            _engine.ImportWeights(_bestWeights);
        return new TrainingHistory(_progress.History, cancelled ? TrainingEnd.Cancelled : EndReason()!.Value, _progress.BestEpoch);
    }

    /// <summary>The mean loss of an engine on a dataset, without dropout, in batches as the options say.</summary>
    /// <exception cref="ArgumentException">There is nothing to evaluate.</exception>
    public double Evaluate(SequenceDataset dataset) => Evaluate(ValidationOrder(dataset), default);

    private BatchOrder Order(SequenceDataset dataset) => new(dataset, _options.Order, _options.BatchSize, _options.ChunkSteps, _options.Seed);

    private BatchOrder ValidationOrder(SequenceDataset dataset) => _options.Order == BatchOrderKind.Streams && dataset.Count == 1
        ? new(dataset, BatchOrderKind.Streams, Math.Min(_options.BatchSize, dataset.Length(0)), _options.ChunkSteps)
        : new(dataset, BatchOrderKind.Sequential, _options.BatchSize);

    // Between epochs alone: one that was begun is brought to its end, also after a resume.
    private TrainingEnd? EndReason() =>
        _progress.Batch > 0 ? null
        : _progress.EpochsWithoutImprovement >= (_options.Patience ?? int.MaxValue) ? TrainingEnd.EarlyStopping
        : _progress.Step >= (_options.MaximumSteps ?? long.MaxValue) ? TrainingEnd.MaximumSteps
        : _progress.Epoch >= _options.Epochs ? TrainingEnd.Completed
        : null;

    private void RunEpoch(BatchOrder order, BatchOrder? validationOrder, CancellationToken cancellationToken)
    {
        TrainingProgress progress = _progress;
        double secondsBefore = progress.Seconds;
        long began = Stopwatch.GetTimestamp(), totalSteps = Math.Min((long)_options.Epochs * order.BatchCount, _options.MaximumSteps ?? long.MaxValue);
        order.BeginEpoch(progress.Epoch);
        if (progress.Batch == 0)
            _engine.ResetState();
        while (progress.Batch < order.BatchCount && progress.Step < totalSteps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunBatch(order, totalSteps);
            progress.Seconds = secondsBefore + Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (progress.Step % (_options.CheckpointEverySteps ?? long.MaxValue) == 0)
                Save();
        }
        double trainingSeconds = progress.Seconds;
        double? validationLoss = validationOrder is null ? null : Validate(validationOrder, cancellationToken);
        progress.Seconds = secondsBefore + Stopwatch.GetElapsedTime(began).TotalSeconds;
        EndEpoch(order, validationLoss, trainingSeconds);
    }

    private void RunBatch(BatchOrder order, long totalSteps)
    {
        TrainingProgress progress = _progress;
        order.Fill(_batch, progress.Batch);
        float learningRate = _options.Schedule.At(progress.Epoch, progress.Step, totalSteps, progress.Plateau.Scale);
        StepResult result = _engine.TrainStep(_batch, learningRate);
        if (!double.IsFinite(result.Loss) || !double.IsFinite(result.GradientNorm))
            throw Diverged(result, order.BatchCount, learningRate);
        progress.Batch++;
        progress.Step++;
        progress.LossSum += result.Loss * _batch.TargetRows;
        progress.LossWeight += _batch.TargetRows;
        progress.NormSum += result.GradientNorm;
        progress.Sequences += _batch.SequenceCount;
        progress.LearningRate = learningRate;
        BatchDone?.Invoke(new BatchReport(
            progress.Epoch, progress.Batch - 1, order.BatchCount, progress.Step, result.Loss, result.GradientNorm, learningRate, _batch.SequenceCount));
    }

    private TrainingDivergedException Diverged(StepResult result, int batchCount, float learningRate)
    {
        long step = _progress.Step + 1;
        return new TrainingDivergedException(
            Invariant($"Training diverged in step {step} (epoch {_progress.Epoch + 1}, batch {_progress.Batch + 1} of {batchCount}) at learning rate {learningRate}: ")
            + Invariant($"the loss is {result.Loss} and the gradient's norm {result.GradientNorm}; expected finite numbers. {KeepFiniteWeights()} ")
            + "Lower the learning rate, clip the gradient's norm, or look for extreme values in the data.", step, learningRate);
    }

    // A last update by a finite but huge gradient can have overflowed the weights themselves.
    private string KeepFiniteWeights()
    {
        float[] weights = new float[_engine.Parameters.BlockLength];
        _engine.ExportWeights(weights);
        if (Array.TrueForAll(weights, float.IsFinite))
            return "The weights from before are kept.";
        if (_bestWeights is null)
            return "The last update had overflowed the weights.";
        _engine.ImportWeights(_bestWeights);
        return Invariant($"The last update had overflowed the weights; those after epoch {_progress.BestEpoch + 1}, the best, are kept.");
    }

    private double Validate(BatchOrder order, CancellationToken cancellationToken)
    {
        double loss = Evaluate(order, cancellationToken);
        return double.IsFinite(loss) ? loss : throw new TrainingDivergedException(
            Invariant($"The validation loss is {loss} after step {_progress.Step} (epoch {_progress.Epoch + 1}) at learning rate {_progress.LearningRate}; expected a finite number. {KeepFiniteWeights()}"),
            _progress.Step, _progress.LearningRate);
    }

    private double Evaluate(BatchOrder order, CancellationToken cancellationToken)
    {
        _engine.ResetState();
        var total = new LossSum();
        for (int i = 0; i < order.BatchCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            order.Fill(_batch, i);
            total += _engine.Evaluate(_batch);
        }
        _engine.ResetState();
        return total.Mean;
    }

    private void EndEpoch(BatchOrder order, double? validationLoss, double trainingSeconds)
    {
        TrainingProgress progress = _progress;
        double loss = progress.LossSum / progress.LossWeight, watched = validationLoss ?? loss;
        bool isBest = progress.BestLoss is not { } best || watched < best - _options.MinimumImprovement;
        if (isBest)
        {
            (progress.BestLoss, progress.BestEpoch, progress.EpochsWithoutImprovement) = (watched, progress.Epoch, 0);
            if (validationLoss is not null && _options.RestoreBestWeights)
                _engine.ExportWeights(_bestWeights ??= new float[_engine.Parameters.BlockLength]);
        }
        else
        {
            progress.EpochsWithoutImprovement++;
        }
        progress.Plateau = progress.Plateau.After(watched, _options.Schedule);
        var report = new EpochReport
        {
            Epoch = progress.Epoch,
            Steps = progress.Step,
            Loss = loss,
            ValidationLoss = validationLoss,
            IsBest = isBest,
            LearningRate = progress.LearningRate,
            GradientNorm = progress.NormSum / progress.Batch,
            SequencesPerSecond = progress.Sequences / Math.Max(trainingSeconds, 1e-9),
            Seconds = progress.Seconds,
        };
        progress.History.Add(report);
        progress.NextEpoch();
        if (progress.Epoch % (_options.CheckpointEveryEpochs ?? int.MaxValue) == 0)
            Save();
        EpochDone?.Invoke(report);
    }

    private void Save() => _checkpoints?.Save(_engine, _bestWeights, _progress, _scope!);

    private void Resume(string path, int batchCount)
    {
        Checkpoint checkpoint = Checkpoint.Load(path);
        checkpoint.RequireScope(_scope!, _options.ResumeWithNewSchedule);
        checkpoint.RequireBatches(batchCount);
        checkpoint.RestoreTo(_engine);
        (_progress, _bestWeights) = (checkpoint.Progress, checkpoint.BestWeights);
    }
}
