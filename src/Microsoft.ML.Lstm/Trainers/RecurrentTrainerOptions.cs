using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm;

/// <summary>
/// What all trainers of recurrent networks have in common. A trainer takes its options at construction; later changes do not reach it.
/// </summary>
public abstract class RecurrentTrainerOptions
{
    private protected RecurrentTrainerOptions()
    {
    }

    /// <summary>The column to learn. Default: <c>"Label"</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column of sequences: <c>Vector&lt;Single, T, F&gt;</c>, <c>Vector&lt;Single, T&gt;</c>, <c>Vector&lt;Single&gt;</c> (lengths vary), or a
    /// vector of keys: tokens, which get an embedding learned with the network. The missing key, which is what <c>MapValueToKey</c> makes of a value
    /// it has not seen, is a token of its own, the unknown one. Default: <c>"Features"</c>.
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>A <c>Single</c> column that says what each row counts in the loss; null: all alike. Default: null.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>Numbers per step of the feature column; null: its last dimension, or 1 if it has only one. Range: 1 or more. Default: null.</summary>
    public int? StepSize { get; set; }

    /// <summary>
    /// A vector of keys, one for each step of a feature column of numbers: the step is the token's embedding followed by the numbers. Both columns
    /// must have as many steps in each row. Tokens alone go into <see cref="FeatureColumnName"/>. Default: null.
    /// </summary>
    public string? TokenColumnName { get; set; }

    /// <summary>
    /// Length of a token's embedding; read only if there are tokens. Null: that of <see cref="PretrainedEmbedding"/>, or 64. Range: 1 or more.
    /// Default: null.
    /// </summary>
    public int? EmbeddingSize { get; set; }

    /// <summary>
    /// Vectors that the embedding begins with, found by the text of the tokens' keys; tokens that have none, and the unknown token, begin with the
    /// mean of all. Null: small random numbers. Default: null.
    /// </summary>
    public WordVectors? PretrainedEmbedding { get; set; }

    /// <summary>Whether <see cref="PretrainedEmbedding"/> stays as given rather than being trained on. Default: false.</summary>
    public bool FreezeEmbedding { get; set; }

    /// <summary>The recurrence of every layer. Default: <see cref="CellKind.Lstm"/>.</summary>
    public CellKind Cell { get; set; } = CellKind.Lstm;

    /// <summary>Units of each recurrent layer, first layer first. More units remember more and cost their square. Range: 1 or more each. Default: one layer of 32.</summary>
    public IReadOnlyList<int> HiddenSizes { get; set; } = [32];

    /// <summary>Whether every layer also reads the sequence backwards (Schuster and Paliwal 1997). Default: false.</summary>
    public bool Bidirectional { get; set; }

    /// <summary>Whether the initial state is learned rather than zero. Default: false.</summary>
    public bool LearnedInitialState { get; set; }

    /// <summary>Whether LSTM layers normalise their pre-activations (Ba, Kiros and Hinton 2016). Default: false.</summary>
    public bool LayerNormalization { get; set; }

    /// <summary>How weights begin. Default: Glorot, recurrent ones orthogonal, forget bias 1.</summary>
    public InitializationSpec Initialization { get; set; } = new();

    /// <summary>Dropout on inputs, between layers, on the recurrent state and on outputs. Default: none.</summary>
    public RegularizationSpec Dropout { get; set; } = new();

    /// <summary>The optimiser and its constants. Default: Adam with PyTorch's.</summary>
    public OptimizerSpec Optimizer { get; set; } = new();

    /// <summary>The learning rate all along; set this or <see cref="Schedule"/>. Range: more than 0. Default when neither is set: 0.001 (Kingma and Ba 2015).</summary>
    public float? LearningRate { get; set; }

    /// <summary>A learning rate that changes over the training; null: <see cref="LearningRate"/> all along. Default: null.</summary>
    public LearningRateSchedule? Schedule { get; set; }

    /// <summary>Largest global norm of the gradient, which is scaled down to it; null: no limit. Range: more than 0. Default: 1 (Pascanu, Mikolov and Bengio 2013).</summary>
    public float? ClipNorm { get; set; } = 1;

    /// <summary>Largest magnitude of each element of the gradient; null: no limit. Range: more than 0. Default: null.</summary>
    public float? ClipValue { get; set; }

    /// <summary>Most passes over the data. Range: 1 or more. Default: 50.</summary>
    public int NumberOfEpochs { get; set; } = 50;

    /// <summary>Sequences per update. Range: 1 or more; fewer sequences than that make one smaller batch. Default: 32 (Keras).</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// Part of the training data held back to watch the loss on; 0: none. It must come to at least one sequence, else none is held back.
    /// Range: [0, 1). Default: 0.1.
    /// </summary>
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>Which sequences those are. Default: the last for regression, whose rows are mostly in the order of time; random ones otherwise.</summary>
    public ValidationPart ValidationPart { get; set; }

    /// <summary>Epochs without a better validation loss (without validation: training loss) after which training stops; null: never. Range: 1 or more. Default: 10.</summary>
    public int? Patience { get; set; } = 10;

    /// <summary>By how much the loss must fall to count as better. Range: 0 or more. Default: 0.</summary>
    public double MinimumImprovement { get; set; }

    /// <summary>Whether the model gets the weights of the epoch with the best validation loss rather than the last. Default: true.</summary>
    public bool RestoreBestWeights { get; set; } = true;

    /// <summary>
    /// Whether numbers are brought to mean 0 and deviation 1 inside the model, column by column as measured on the training part, so that data need
    /// not be normalised before. Default: true.
    /// </summary>
    public bool ScaleFeatures { get; set; } = true;

    /// <summary>Seed of initial weights, order and dropout: same seed, same bits, whatever the number of threads. Null: drawn from the context. Default: null.</summary>
    public int? Seed { get; set; }

    /// <summary>Threads to train with; null: all cores. Range: 1 or more. Default: null.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>File to write checkpoints to while training, each replacing the one before; null: none. Default: null.</summary>
    public string? CheckpointPath { get; set; }

    /// <summary>Updates between checkpoints; null: none within an epoch. Range: 1 or more. Default: null.</summary>
    public int? CheckpointEverySteps { get; set; }

    /// <summary>Epochs between checkpoints; null: none at an epoch's end. Range: 1 or more. Default: 1.</summary>
    public int? CheckpointEveryEpochs { get; set; } = 1;

    /// <summary>Checkpoint to go on from, over the same data with the same options; null: begin anew. Default: null.</summary>
    public string? ResumeFrom { get; set; }

    /// <summary>Stops the training before the next batch. <c>Fit</c> then throws <see cref="OperationCanceledException"/>, unless <see cref="KeepWeightsOnCancellation"/>. Default: never.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Whether a cancelled training returns the model it has come to, as early stopping does. Default: false.</summary>
    public bool KeepWeightsOnCancellation { get; set; }

    /// <summary>Called after every update, on the training thread. Default: null.</summary>
    public Action<BatchReport>? BatchDone { get; set; }

    /// <summary>Called after every epoch, on the training thread; the same is told to ML.NET's log and progress channels. Default: null.</summary>
    public Action<EpochReport>? EpochDone { get; set; }
}
