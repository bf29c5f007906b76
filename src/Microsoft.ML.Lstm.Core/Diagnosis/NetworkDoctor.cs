using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Diagnosis.Rules;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis;

/// <summary>
/// A <see cref="TrainingLoop"/> that is watched: it trains as the loop does, to the same bits, and tells why a network does not learn. The
/// doctor looks four times: at the data before the first update, and at the network on a few training examples after the first epoch, at
/// half of the updates, and at the end. In between it only sums up the losses and gradient norms that training has anyway.
/// <code>
///   var doctor = new NetworkDoctor(engine, engineOptions, options) { Found = finding => Console.WriteLine(finding) };
///   TrainingHistory history = doctor.Train(training, validation);
///   Console.WriteLine(doctor.Diagnosis);
/// </code>
/// </summary>
public sealed class NetworkDoctor
{
    private readonly ISequenceEngine _engine;
    private readonly EngineOptions _engineOptions;
    private readonly TrainingOptions _options;
    private readonly HashSet<FindingCode> _told = [];
    private readonly StepRecorder _steps = new();
    private readonly List<EpochReport> _epochs = [];
    private TrainingEvidence _evidence = null!;
    private NetworkProbe _probe = null!;
    private float[] _initialWeights = [];
    private long _plannedSteps;

    /// <summary>Creates a doctor for one training.</summary>
    /// <param name="engine">
    /// What to train; it stays the caller's. Of engines other than <see cref="ManagedEngine"/> the gates and the gradients by step are not
    /// seen.
    /// </param>
    /// <param name="engineOptions">What the engine was made with.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NetworkDoctor(ISequenceEngine engine, EngineOptions engineOptions, TrainingOptions options)
    {
        options.Validate();
        (_engine, _engineOptions, _options) = (engine, engineOptions, options);
    }

    /// <summary>Called after every update, as <see cref="TrainingLoop.BatchDone"/>.</summary>
    public Action<BatchReport>? BatchDone { get; init; }

    /// <summary>Called after every epoch, as <see cref="TrainingLoop.EpochDone"/>.</summary>
    public Action<EpochReport>? EpochDone { get; init; }

    /// <summary>Called with each finding as soon as it is made, once for each code, on the training thread.</summary>
    public Action<Finding>? Found { get; init; }

    /// <summary>
    /// What was found, as of the last look; after <see cref="Train"/> of the network that it left, also when that threw
    /// <see cref="TrainingDivergedException"/>. What was told while training and is no longer so is not among it.
    /// </summary>
    public NetworkDiagnosis Diagnosis { get; private set; } = new();

    /// <summary>Trains as <see cref="TrainingLoop.Run"/> does, with the same exceptions.</summary>
    /// <param name="training">What to train on.</param>
    /// <param name="validation">What to validate on; null: the part that the options hold back, if any.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="InvalidOperationException">The doctor has seen a training before.</exception>
    public TrainingHistory Train(
        SequenceDataset training, SequenceDataset? validation = null, CancellationToken cancellationToken = default)
    {
        if (_initialWeights.Length > 0)
            throw new InvalidOperationException("The doctor has seen a training before; expected a doctor for each.");
        var loop = new TrainingLoop(_engine, _options) { BatchDone = AfterBatch, EpochDone = AfterEpoch };
        SequenceDataset patient = validation is null && training.Count > 0 ? _options.Split(training).Training : training;
        Begin(patient);
        try
        {
            TrainingHistory history = loop.Run(training, validation, cancellationToken);
            Look(TrainingStage.End, history.Epochs);
            return history;
        }
        catch (TrainingDivergedException e)
        {
            _evidence = _evidence with
            {
                Stage = TrainingStage.End,
                Epochs = _epochs,
                Steps = _steps.Evidence,
                Divergence = new Divergence(e.Step, e.LearningRate, DataSurvey.CountNotFinite(patient)),
            };
            Judge();
            throw;
        }
    }

    private void Begin(SequenceDataset training)
    {
        _initialWeights = Weights();
        // The loop refuses an empty dataset in better words.
        if (training.Count == 0)
            return;
        _probe = new NetworkProbe(_engine, _engineOptions.Loss, new ProbeSample(training, _options, _engine.Spec.OutputSize));
        _evidence = new TrainingEvidence
        {
            Network = _engine.Spec,
            Engine = _engineOptions,
            Options = _options,
            ParameterCount = _engine.Parameters.ParameterCount,
            Data = DataSurvey.Of(training, _engine.Spec, _engineOptions.Loss, new RandomStream(_options.Seed, "doctor surveys")),
        };
        Judge();
    }

    private void AfterBatch(BatchReport report)
    {
        _steps.Add(report);
        _plannedSteps = Math.Min((long)_options.Epochs * report.BatchCount, _options.MaximumSteps ?? long.MaxValue);
        BatchDone?.Invoke(report);
    }

    private void AfterEpoch(EpochReport report)
    {
        _epochs.Add(report);
        bool isHalf = _evidence.Stage < TrainingStage.Midway && 2 * report.Steps >= _plannedSteps;
        // After the last epoch the look at the end follows at once.
        if (report.Steps < _plannedSteps && (isHalf || _evidence.Stage == TrainingStage.Data))
            Look(isHalf ? TrainingStage.Midway : TrainingStage.FirstEpoch, _epochs);
        EpochDone?.Invoke(report);
    }

    private void Look(TrainingStage stage, IReadOnlyList<EpochReport> epochs)
    {
        ProbeEvidence latest = _probe.Look();
        bool mayDependOnOrder = stage == TrainingStage.End && OrderIrrelevantRule.Applies(latest);
        _evidence = _evidence with
        {
            Stage = stage,
            Epochs = epochs,
            Steps = _steps.Evidence,
            FirstEpoch = _evidence.FirstEpoch ?? latest,
            Latest = latest,
            ShuffledLoss = mayDependOnOrder ? _probe.ShuffledLoss() : null,
            WeightChange = WeightChange(),
        };
        Judge();
    }

    private void Judge()
    {
        Diagnosis = RuleBook.Judge(_evidence);
        foreach (Finding finding in Diagnosis.Findings)
            if (_told.Add(finding.Code))
                Found?.Invoke(finding);
    }

    private double WeightChange()
    {
        float[] weights = Weights();
        double change = 0, initial = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double difference = weights[i] - _initialWeights[i];
            change += difference * difference;
            initial += (double)_initialWeights[i] * _initialWeights[i];
        }
        return Math.Sqrt(change / initial);
    }

    private float[] Weights()
    {
        float[] weights = new float[_engine.Parameters.BlockLength];
        _engine.ExportWeights(weights);
        return weights;
    }
}
