using System.Diagnostics;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Trains an engine: batch, step, report; validation, schedule and checkpoint at each epoch's end. Knows nothing of the network. Whoever wants to
/// see how it goes is an <see cref="ITrainingObserver"/>.
/// </summary>
public sealed partial class TrainingLoop
{
    private readonly ITrainingEngine _engine;
    private readonly TrainingOptions _options;
    private readonly StepResult[] _results;
    private readonly BatchReport[] _unread;
    private readonly ITrainingObserver[] _observers = [];
    private int _unreadCount;
    private TrainingProgress _progress = new();
    private float[]? _bestWeights;
    private CheckpointScope? _scope;
    private CheckpointWriter? _checkpoints;
    private ITrainingSteps? _steps;

    /// <summary>Creates a loop.</summary>
    /// <param name="engine">What to train; it stays the caller's.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the engine carries a state that the order of batches would mix up.</exception>
    public TrainingLoop(ITrainingEngine engine, TrainingOptions options)
    {
        options.Validate();
        if (engine.IsStateful && options.Order != BatchOrderKind.Streams)
            throw new ArgumentException(
                Invariant($"{nameof(options.Order)} is {options.Order}; expected {BatchOrderKind.Streams}, since the engine is stateful: a batch must begin where the one before ended."), nameof(options));
        (_engine, _options) = (engine, options);
        (_results, _unread) = (new StepResult[engine.MostUnreadSteps], new BatchReport[engine.MostUnreadSteps]);
    }

    /// <summary>Who is told how the training goes, in this order. Default: nobody.</summary>
    public IReadOnlyList<ITrainingObserver> Observers
    {
        get => _observers;
        init => _observers = [.. value];
    }

    /// <summary>What comes between gradient and update in every step; null: nothing, and a step is one call. Default: null.</summary>
    public IGradientReduction? Reduction { get; init; }

    /// <summary>The learning rate of each epoch, as an earlier training had it; null: as the options' schedule says. Default: null.</summary>
    internal IReadOnlyList<float>? LearningRates { get; init; }

    /// <summary>
    /// The processes to train in together, each with an engine, options and data alike; null: this one alone. The first writes the checkpoints. When a
    /// process fails in a way that the others cannot learn of, all are ended. Default: null.
    /// </summary>
    /// <exception cref="ArgumentException">A property is out of its range.</exception>
    /// <exception cref="NotSupportedException">The engine carries state, and but one for all shards.</exception>
    public DataParallel? Distribution
    {
        get;
        init
        {
            value?.Validate();
            if (value is not null && _engine is { IsStateful: true, CarriesStateOfShards: false })
                throw new NotSupportedException(
                    Invariant($"{nameof(Distribution)} is given and {nameof(EngineOptions.Stateful)} is true; expected one of them with {_engine}, which carries one state from batch to batch, not one for each shard. Set Distributed to None, or take {nameof(TrainingEngine)}.{nameof(TrainingEngine.Managed)}."));
            field = value;
        }
    }

    /// <summary>
    /// Trains to the end, or resumes from a checkpoint; the engine is left with the best or the last weights (<see cref="TrainingOptions.RestoreBestWeights"/>).
    /// </summary>
    /// <param name="training">What to train on.</param>
    /// <param name="validation">What to validate on; null: what <see cref="TrainingOptions.ValidationFraction"/> holds out, if anything.</param>
    /// <param name="cancellationToken">Looked at before every batch and, as far as the engine does, within it.</param>
    /// <exception cref="ArgumentException">There is nothing to train on, or <see cref="TrainingOptions.CheckpointPath"/> cannot be written.</exception>
    /// <exception cref="IOException">Another training writes to <see cref="TrainingOptions.CheckpointPath"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no file at <see cref="TrainingOptions.ResumeFrom"/>.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to resume from is broken, of a newer version, or of another training.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled; the engine has the weights of the last update.</exception>
    /// <exception cref="TrainingDivergedException">The loss or gradient is no longer finite; the engine has the weights of the last good update, or when that had overflowed them, of the best epoch.</exception>
    public TrainingHistory Run(SequenceDataset training, SequenceDataset? validation = null, CancellationToken cancellationToken = default)
    {
        if (validation is null)
            (training, validation) = _options.Split(training);
        return RunOn(training, validation, cancellationToken);
    }

    /// <summary>
    /// Trains as <see cref="Run"/> does, on examples of any kind, such as <see cref="ForecastWindows"/>; what validates is given, since what may be held out of them the
    /// loop cannot know.
    /// </summary>
    /// <inheritdoc cref="Run" path="/*[not(self::param)]"/>
    /// <param name="training">What to train on.</param>
    /// <param name="validation">What to validate on; null: nothing.</param>
    /// <param name="cancellationToken">Looked at before every batch and, as far as the engine does, within it.</param>
    /// <exception cref="DistributedTrainingException">Another process of <see cref="Distribution"/> differs from the first, or has failed.</exception>
    public TrainingHistory RunOn(IExampleSource training, IExampleSource? validation, CancellationToken cancellationToken = default)
    {
        var lockstep = new Lockstep(Distribution?.Group);
        return lockstep.Run(() => RunOn(training, validation, lockstep, cancellationToken));
    }

    private TrainingHistory RunOn(IExampleSource training, IExampleSource? validation, Lockstep lockstep, CancellationToken cancellationToken)
    {
        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CheckpointWriter? checkpoints = Prepare(lockstep, training, validation, out BatchOrder order, out BatchOrder? validationOrder);
        (_progress, _bestWeights, _checkpoints, _unreadCount) = (new TrainingProgress(), null, checkpoints, 0);
        _steps = Steps(cancellation);
        var start = new TrainingStart { Engine = _engine, Options = _options, Training = Seen(training)!, Validation = Seen(validation),
            PlannedSteps = PlannedSteps(order) };
        foreach (ITrainingObserver observer in _observers)
            observer.Begin(start);
        if (_options.ResumeFrom is { } path)
            Resume(path, order.BatchCount, lockstep);
        try
        {
            bool cancelled = RunEpochs(order, validationOrder, Distribution is null ? cancellationToken : cancellation.Token);
            if (_options.RestoreBestWeights && _bestWeights is not null)
                _engine.ImportWeights(_bestWeights);
            var history = new TrainingHistory(_progress.History, cancelled ? TrainingEnd.Cancelled : EndReason()!.Value, _progress.BestEpoch);
            foreach (ITrainingObserver observer in _observers)
                observer.End(history);
            return history;
        }
        catch (TrainingDivergedException e)
        {
            foreach (ITrainingObserver observer in _observers)
                observer.Diverged(e);
            throw;
        }
    }

    private BatchOrder Order(IExampleSource dataset) => new(dataset, _options.Order, _options.BatchSize, _options.ChunkSteps, _options.Seed, _options.ExamplesPerEpoch);

    private long PlannedSteps(BatchOrder order) => Math.Min((long)_options.Epochs * order.BatchCount, _options.MaximumSteps ?? long.MaxValue);

    /// <summary>Runs epochs until there is a reason to end; returns whether that is a cancellation.</summary>
    private bool RunEpochs(BatchOrder order, BatchOrder? validationOrder, CancellationToken cancellationToken)
    {
        try
        {
            while (EndReason() is null)
                RunEpoch(order, validationOrder, cancellationToken);
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ReadSteps();
            if (!_options.KeepWeightsOnCancellation)
                throw;
            return true;
        }
    }

    // Between epochs alone: one that was begun is brought to its end, also after a resume.
    private TrainingEnd? EndReason() =>
        _progress.Batch > 0 ? null
        : _progress.EpochsWithoutImprovement >= (_options.Patience ?? int.MaxValue) ? TrainingEnd.EarlyStopping
        : _progress.Step >= (_options.MaximumSteps ?? long.MaxValue) ? TrainingEnd.MaximumSteps
        : _progress.Epoch >= Math.Min(_options.Epochs, _options.PauseAfterEpochs ?? int.MaxValue) ? TrainingEnd.Completed
        : null;

    private void RunEpoch(BatchOrder order, BatchOrder? validationOrder, CancellationToken cancellationToken)
    {
        TrainingProgress progress = _progress;
        double secondsBefore = progress.Seconds;
        long began = Stopwatch.GetTimestamp(), totalSteps = PlannedSteps(order);
        order.BeginEpoch(progress.Epoch);
        if (progress.Batch == 0)
            _engine.ResetState();
        while (progress.Batch < order.BatchCount && progress.Step < totalSteps)
        {
            RunBatch(order, totalSteps, cancellationToken);
            progress.Seconds = secondsBefore + Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (progress.Step % (_options.CheckpointEverySteps ?? long.MaxValue) == 0)
                Save();
        }
        ReadSteps();
        double trainingSeconds = progress.Seconds = secondsBefore + Stopwatch.GetElapsedTime(began).TotalSeconds;
        double? validationLoss = validationOrder is null ? null : Validate(validationOrder, cancellationToken);
        progress.Seconds = secondsBefore + Stopwatch.GetElapsedTime(began).TotalSeconds;
        EndEpoch(order, validationLoss, trainingSeconds);
    }

    private void RunBatch(BatchOrder order, long totalSteps, CancellationToken cancellationToken)
    {
        TrainingProgress progress = _progress;
        float learningRate = LearningRates?[progress.Epoch]
            ?? _options.Schedule.At(progress.Epoch, progress.Step, totalSteps, progress.Plateau.Scale);
        int sequences = _steps!.Train(order, progress.Batch, learningRate, cancellationToken);
        progress.Batch++;
        progress.Step++;
        progress.LearningRate = learningRate;
        _unread[_unreadCount++] = new BatchReport(
            progress.Epoch, progress.Batch - 1, order.BatchCount, progress.Step, double.NaN, double.NaN, learningRate, sequences);
        if (_unreadCount == _unread.Length)
            ReadSteps();
    }

    /// <summary>Takes up what the steps since the last time found, and tells the observers.</summary>
    private void ReadSteps()
    {
        if (_unreadCount == 0)
            return;
        int count = _engine.ReadSteps(_results);
        if (count != _unreadCount)
            throw new InvalidOperationException(Invariant($"The engine has {count} results; expected {_unreadCount}, one for each step."));
        _unreadCount = 0;
        for (int i = 0; i < count; i++)
        {
            StepResult result = _results[i];
            BatchReport report = _unread[i] with { Loss = result.MeanLoss, GradientNorm = result.GradientNorm };
            if (!result.IsFinite)
                throw Diverged(report);
            _progress.LossSum += result.Loss.Sum;
            _progress.LossWeight += result.Loss.Weight;
            _progress.NormSum += result.GradientNorm;
            _progress.Sequences += report.Sequences;
            foreach (ITrainingObserver observer in _observers)
                observer.AfterBatch(report);
        }
    }

    private TrainingDivergedException Diverged(in BatchReport report) => new(
        Invariant($"Training diverged in step {report.Step} (epoch {report.Epoch + 1}, batch {report.Batch + 1} of {report.BatchCount}) at learning rate {report.LearningRate}: ")
        + Invariant($"the loss is {report.Loss} and the gradient's norm {report.GradientNorm}; expected finite values. {KeepFiniteWeights()} ")
        + "Lower the learning rate, clip the gradient's norm, or look for extreme values in the data.", report.Step, report.LearningRate);

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

    private void EndEpoch(BatchOrder order, double? validationLoss, double trainingSeconds)
    {
        TrainingProgress progress = _progress;
        double loss = progress.LossWeight > 0 ? progress.LossSum / progress.LossWeight : 0, watched = validationLoss ?? loss;
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
        foreach (ITrainingObserver observer in _observers)
            observer.AfterEpoch(report);
    }
}
