using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Diagnosis.Rules;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis;

/// <summary>
/// Watches a training, which goes to the same bits without, and tells why a network does not learn. The doctor looks four times: at the data
/// before the first update, and at the network on a few training examples after the first epoch, at half of the updates, and at the end. In
/// between it only sums up the losses and gradient norms that training has anyway.
/// <code>
///   var doctor = new NetworkDoctor { Found = finding => Console.WriteLine(finding) };
///   TrainingHistory history = new TrainingLoop(engine, options) { Observers = [doctor] }.Run(training, validation);
///   Console.WriteLine(doctor.Diagnosis);
/// </code>
/// </summary>
public sealed class NetworkDoctor : ITrainingObserver
{
    private readonly HashSet<FindingCode> _told = [];
    private readonly StepRecorder _steps = new();
    private readonly List<EpochReport> _epochs = [];
    private TrainingStart? _start;
    private TrainingEvidence _evidence = null!;
    private NetworkProbe _probe = null!;
    private float[] _initialWeights = [];

    /// <summary>Called with each finding as soon as it is made, once for each code, on the training thread.</summary>
    public Action<Finding>? Found { get; init; }

    /// <summary>
    /// What was found, as of the last look; after the training, of the network that it left, also when it diverged. What was told while training
    /// and is no longer so is not among it.
    /// </summary>
    public NetworkDiagnosis Diagnosis { get; private set; } = new();

    /// <summary>What the linear forecast that the network begins as costs on the validation data; null: it does not begin as one. To be set before training.</summary>
    internal double? LinearLoss { get; set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The doctor has seen a training before, or the examples are no dataset.</exception>
    public void Begin(TrainingStart start)
    {
        if (_start is not null)
            throw new InvalidOperationException("The doctor has seen a training before; expected a doctor for each.");
        if (start.Training is not SequenceDataset training)
            throw new InvalidOperationException(Invariant($"The training examples are {start.Training.GetType().Name}; expected a {nameof(SequenceDataset)}, whose values the doctor can look at."));
        _start = start;
        ITrainingEngine engine = start.Engine;
        LossSpec loss = engine.Options.Loss;
        _initialWeights = Weights();
        _probe = new NetworkProbe(engine, new ProbeSample(training, start.Options, engine.Spec.OutputSize));
        _evidence = new TrainingEvidence
        {
            Network = engine.Spec,
            Engine = engine.Options,
            Options = start.Options,
            ParameterCount = engine.Parameters.ParameterCount,
            Data = DataSurvey.Of(training, engine.Spec, loss, new RandomStream(start.Options.Seed, "doctor surveys")),
            Naive = NaiveBaseline.Of(loss, training, start.Validation as SequenceDataset),
            Linear = LinearLoss,
        };
        Judge();
    }

    /// <inheritdoc/>
    public void AfterBatch(in BatchReport report) => _steps.Add(report);

    /// <inheritdoc/>
    public void AfterEpoch(EpochReport report)
    {
        _epochs.Add(report);
        long planned = _start!.PlannedSteps;
        bool isHalf = _evidence.Stage < TrainingStage.Midway && 2 * report.Steps >= planned;
        // After the last epoch the look at the end follows at once.
        if (report.Steps < planned && (isHalf || _evidence.Stage == TrainingStage.Data))
            Look(isHalf ? TrainingStage.Midway : TrainingStage.FirstEpoch, _epochs);
    }

    /// <inheritdoc/>
    public void End(TrainingHistory history) => Look(TrainingStage.End, history.Epochs);

    /// <inheritdoc/>
    public void Diverged(TrainingDivergedException exception)
    {
        _evidence = _evidence with
        {
            Stage = TrainingStage.End,
            Epochs = _epochs,
            Steps = _steps.Evidence,
            Divergence = new Divergence(exception.Step, exception.LearningRate, DataSurvey.CountNotFinite((SequenceDataset)_start!.Training)),
        };
        Judge();
    }

    /// <summary>Tells the doctor, after the training, whether the linear forecast that the network began as is kept rather than what was learned.</summary>
    internal void Conclude(bool keepsLinear)
    {
        _evidence = _evidence with { KeepsLinear = keepsLinear };
        Judge();
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
        float[] weights = new float[_start!.Engine.Parameters.BlockLength];
        _start.Engine.ExportWeights(weights);
        return weights;
    }
}
