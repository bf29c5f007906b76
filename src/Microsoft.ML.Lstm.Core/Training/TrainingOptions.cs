using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Schedules;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Training;

/// <summary>How a <see cref="TrainingLoop"/> goes over the data. Defaults: <see cref="TrainingDefaults"/>.</summary>
public sealed record TrainingOptions
{
    private const int MostSequences = 1 << 20;

    /// <summary>Most passes over the data. Default: 50.</summary>
    public int Epochs { get; init; } = TrainingDefaults.Epochs;

    /// <summary>Most updates; null: as many as the epochs have. Default: null.</summary>
    public long? MaximumSteps { get; init; }

    /// <summary>Sequences per update, or parallel streams of <see cref="BatchOrderKind.Streams"/>. Default: 32 (Keras).</summary>
    public int BatchSize { get; init; } = TrainingDefaults.BatchSize;

    /// <summary>
    /// Most examples of an epoch; of more, each epoch draws its own at random, so that over the epochs all take part; null: all. Not for
    /// <see cref="BatchOrderKind.Streams"/>. Default: null.
    /// </summary>
    public int? ExamplesPerEpoch { get; init; }

    /// <summary>How an epoch walks over the examples. Default: shuffled, in batches of similar length.</summary>
    public BatchOrderKind Order { get; init; } = BatchOrderKind.LengthBuckets;

    /// <summary>Steps per update of <see cref="BatchOrderKind.Streams"/>. Default: 35 (Zaremba, Sutskever and Vinyals 2014).</summary>
    public int ChunkSteps { get; init; } = TrainingDefaults.ChunkSteps;

    /// <summary>The learning rate of each step. Default: 0.001 all along.</summary>
    public LearningRateSchedule Schedule { get; init; } = new();

    /// <summary>Random seed of the order and of a random validation subset. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Fraction of the examples held out for validation when no validation dataset is given; 0: none. Range [0, 1). Default: 0.1.</summary>
    public double ValidationFraction { get; init; } = TrainingDefaults.ValidationFraction;

    /// <summary>Which examples those are. Default: the last.</summary>
    public ValidationPart ValidationPart { get; init; } = ValidationPart.Last;

    /// <summary>Epochs without improvement after which training stops; null: never. The validation loss is watched, or without validation the training loss. Default: 10.</summary>
    public int? Patience { get; init; } = TrainingDefaults.Patience;

    /// <summary>By how much the loss must fall below its best to count as an improvement. Default: 0.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>Whether training ends with the weights of the best epoch by validation loss, rather than the last. Default: true.</summary>
    public bool RestoreBestWeights { get; init; } = TrainingDefaults.RestoreBestWeights;

    /// <summary>Whether cancellation ends the training as early stopping does, rather than throwing. Default: false.</summary>
    public bool KeepWeightsOnCancellation { get; init; }

    /// <summary>
    /// File to write checkpoints to, each replacing the one before, which stays whole until then; null: none. Its folder must exist. A lock beside
    /// it, <c>….lock</c>, keeps a second training away and goes when the training ends. Default: null.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Updates between checkpoints; null: none within an epoch. Default: null.</summary>
    public int? CheckpointEverySteps { get; init; }

    /// <summary>Epochs between checkpoints; null: none at an epoch's end. Default: 1.</summary>
    public int? CheckpointEveryEpochs { get; init; } = TrainingDefaults.CheckpointEveryEpochs;

    /// <summary>
    /// Checkpoint to resume from; null: begin anew. Data, network, loss, optimiser, regularisation, clipping, batches, seeds and
    /// <see cref="Schedule"/> must be those of the interrupted training; free to change are <see cref="Epochs"/>, <see cref="MaximumSteps"/>,
    /// <see cref="Patience"/>, <see cref="MinimumImprovement"/>, checkpoints and threads. Default: null.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>
    /// Whether <see cref="Schedule"/> may be another than that of the training to resume, such as a lower learning rate after a divergence.
    /// Default: false, which refuses it.
    /// </summary>
    public bool ResumeWithNewSchedule { get; init; }

    /// <summary>
    /// Epochs, counted from the training's beginning, after which this run of it ends, its learning rates being those of the whole training; whoever resumes from its checkpoint trains
    /// the rest. Null: it runs to the end. Default: null.
    /// </summary>
    internal int? PauseAfterEpochs { get; init; }

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Epochs > 0, nameof(Epochs), Epochs, "1 or more");
        Require(MaximumSteps is null or > 0, nameof(MaximumSteps), MaximumSteps ?? 0, "1 or more, or null");
        Require(BatchSize is > 0 and <= MostSequences, nameof(BatchSize), BatchSize, $"1 or more and at most {MostSequences}");
        Require(Enum.IsDefined(Order), nameof(Order), Order, OneOf<BatchOrderKind>());
        Require(ChunkSteps > 0, nameof(ChunkSteps), ChunkSteps, "1 or more");
        Require(ExamplesPerEpoch is null or > 0, nameof(ExamplesPerEpoch), ExamplesPerEpoch ?? 0, "1 or more, or null");
        Require(ExamplesPerEpoch is null || Order is BatchOrderKind.Shuffled or BatchOrderKind.LengthBuckets, nameof(ExamplesPerEpoch), ExamplesPerEpoch ?? 0,
            $"null, since {nameof(Order)} is {Order}, which draws nothing at random");
        Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "at least 0 and below 1");
        Require(Enum.IsDefined(ValidationPart), nameof(ValidationPart), ValidationPart, OneOf<ValidationPart>());
        Require(Order != BatchOrderKind.Streams || ValidationPart == ValidationPart.Last, nameof(ValidationPart), ValidationPart, $"Last, since {nameof(Order)} is Streams");
        Require(Patience is null or > 0, nameof(Patience), Patience ?? 0, "1 or more, or null");
        Require(MinimumImprovement is >= 0 and < double.PositiveInfinity, nameof(MinimumImprovement), MinimumImprovement, "0 or more");
        Require(CheckpointEverySteps is null or > 0, nameof(CheckpointEverySteps), CheckpointEverySteps ?? 0, "1 or more, or null");
        Require(CheckpointEveryEpochs is null or > 0, nameof(CheckpointEveryEpochs), CheckpointEveryEpochs ?? 0, "1 or more, or null");
        Require(Schedule is not null, nameof(Schedule), null, "a schedule");
        Require(CheckpointPath is not "", nameof(CheckpointPath), "empty", "the path of a file, or null for no checkpoints");
        Require(ResumeFrom is not "", nameof(ResumeFrom), "empty", "the path of a checkpoint, or null to begin anew");
        Schedule!.Validate();
    }

    /// <summary>Splits a dataset as the options say: what to train on, and what to validate on (null without <see cref="ValidationFraction"/>).</summary>
    /// <exception cref="ArgumentException">There are fewer than two examples to split.</exception>
    public (SequenceDataset Training, SequenceDataset? Validation) Split(SequenceDataset dataset)
    {
        if (ValidationFraction == 0)
            return (dataset, null);
        if (ValidationPart == ValidationPart.Last)
            return dataset.SplitLast(ValidationFraction);
        int held = SequenceDataset.CountOf(dataset.Count, ValidationFraction);
        int[] order = [.. Enumerable.Range(0, dataset.Count)];
        new RandomStream(Seed, "validation").Shuffle(order);
        order.AsSpan(0, held).Sort();
        order.AsSpan(held).Sort();
        return (dataset.Subset(order.AsSpan(held)), dataset.Subset(order.AsSpan(0, held)));
    }
}
