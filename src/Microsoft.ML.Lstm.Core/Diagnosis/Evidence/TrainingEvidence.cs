using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>All that is known of a training at one time: what the rules judge by.</summary>
internal sealed record TrainingEvidence
{
    // Fewer updates than this say nothing about a configuration.
    private const int FairSteps = 100;

    public required NetworkSpec Network { get; init; }

    public required EngineOptions Engine { get; init; }

    public required TrainingOptions Options { get; init; }

    public required long ParameterCount { get; init; }

    public required DataEvidence Data { get; init; }

    /// <summary>What naive forecasts cost on the validation data; null where no series is forecast.</summary>
    public NaiveBaseline? Naive { get; init; }

    /// <summary>What the linear forecast that the network began as costs on the validation data; null where there is none, or nothing was held out.</summary>
    public double? Linear { get; init; }

    /// <summary>Whether that is kept, since training bettered it by no more than chance; null before that is known.</summary>
    public bool? KeepsLinear { get; init; }

    /// <summary>The validation loss of the network that training left; null before the end, or where nothing was held out.</summary>
    public double? TrainedLoss => (Stage != TrainingStage.End || Divergence is not null || Epochs.Count == 0) ? null
        : Options.RestoreBestWeights ? Epochs.Min(epoch => epoch.ValidationLoss) : Epochs[^1].ValidationLoss;

    /// <summary>The validation loss of what the caller gets; null before that is known.</summary>
    public double? KeptLoss => Linear is null ? TrainedLoss : KeepsLinear switch { null => null, true => Linear, false => TrainedLoss };

    public TrainingStage Stage { get; init; }

    /// <summary>Reports of the epochs done.</summary>
    public IReadOnlyList<EpochReport> Epochs { get; init; } = [];

    public StepEvidence Steps { get; init; }

    /// <summary>The network after the first epoch.</summary>
    public ProbeEvidence? FirstEpoch { get; init; }

    /// <summary>The network as last looked at.</summary>
    public ProbeEvidence? Latest { get; init; }

    /// <summary>Loss of the network on the same examples with their steps shuffled; null when not measured.</summary>
    public double? ShuffledLoss { get; init; }

    /// <summary>‖w − w₀‖ / ‖w₀‖; null before the end.</summary>
    public double? WeightChange { get; init; }

    /// <summary>Null unless the training diverged.</summary>
    public Divergence? Divergence { get; init; }

    /// <summary>Updates done.</summary>
    public long StepsDone => Epochs.Count > 0 ? Epochs[^1].Steps : Steps.Count;

    /// <summary>Whether the network has had its chance: half of the updates planned, and a fair number.</summary>
    public bool IsTrained => Stage >= TrainingStage.Midway && StepsDone >= FairSteps && Divergence is null;

    /// <summary>
    /// The loss as a fraction of what the best constant prediction costs: 1 is nothing learned. The better of the last epoch's (which dropout may
    /// have raised) and that of the network as it is, on a few examples. Null when unknown, or when a constant is perfect.
    /// </summary>
    public double? RelativeLoss
    {
        get
        {
            double epoch = Epochs.Count > 0 ? Epochs[^1].Loss / Data.Baseline : double.NaN, probe = Latest?.RelativeLoss ?? double.NaN;
            double better = double.MinNumber(epoch, probe);
            return double.IsFinite(better) ? better : null;
        }
    }
}

/// <summary>When a doctor looks.</summary>
internal enum TrainingStage
{
    /// <summary>Before the first update: only the data is known.</summary>
    Data,

    /// <summary>After the first epoch.</summary>
    FirstEpoch,

    /// <summary>After the epoch in which half of all updates were done.</summary>
    Midway,

    /// <summary>At the end; the network is what the caller gets.</summary>
    End,
}

/// <summary>A training that ended in values that are not finite.</summary>
/// <param name="Step">The step that failed, from 1.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="NotFinite">How many values of the training data are NaN or infinite.</param>
internal sealed record Divergence(long Step, float LearningRate, long NotFinite);
