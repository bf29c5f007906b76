using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Lstm.Training.Schedules;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Lstm;

/// <summary>
/// What all estimators that train a recurrent network have in common. An estimator takes its options at construction; later changes do not
/// reach it.
/// </summary>
/// <remarks>What a search may vary carries ML.NET's sweep attributes, which <c>SearchSpace&lt;TOptions&gt;</c> of AutoML reads; this package's own searches say by
/// <see cref="HyperparameterSpaces"/> what they vary.</remarks>
public abstract class RecurrentNetworkOptions
{
    private protected RecurrentNetworkOptions()
    {
    }

    /// <summary>Length of a token's embedding; read only if there are tokens. Null: 64, or that of given or tied vectors. Range: 1 or more. Default: null.</summary>
    public int? EmbeddingSize { get; set; }

    /// <summary>The recurrence of every layer. Default: <see cref="CellKind.Lstm"/>.</summary>
    [Choice(CellKind.Lstm, CellKind.Gru)]
    public CellKind Cell { get; set; } = CellKind.Lstm;

    /// <summary>Units of each recurrent layer, first layer first. More units remember more and cost their square. Range: 1 or more each. Default: one layer of 32.</summary>
    public IReadOnlyList<int> HiddenSizes { get; set; } = [32];

    /// <summary>
    /// Units of the first of <see cref="HiddenSizes"/>; setting it gives all of them as many, and leaves as they are those of a list that has them first already. Range: 1 or more. Default: that of
    /// <see cref="HiddenSizes"/>.
    /// </summary>
    [Range(8, 256, 32, logBase: true)]
    public int HiddenSize
    {
        get => HiddenSizes is { Count: > 0 } sizes ? sizes[0] : 0;
        set
        {
            if (value != HiddenSize)
                HiddenSizes = [.. Enumerable.Repeat(value, Math.Max(1, NumberOfLayers))];
        }
    }

    /// <summary>
    /// Recurrent layers: how many <see cref="HiddenSizes"/> there are; setting it to another number gives all of them <see cref="HiddenSize"/> units. Range: 1 to 1,000, as which more are taken.
    /// Default: that of <see cref="HiddenSizes"/>.
    /// </summary>
    [Range(1, 3, 1)]
    public int NumberOfLayers
    {
        get => HiddenSizes?.Count ?? 0;
        set
        {
            if (value != NumberOfLayers)
                HiddenSizes = [.. Enumerable.Repeat(HiddenSize, Math.Clamp(value, 0, LayerSizes.MostLayers))];
        }
    }

    /// <summary>Whether the initial state is learned rather than zero. Default: false.</summary>
    public bool LearnedInitialState { get; set; }

    /// <summary>Whether LSTM layers normalise their pre-activations (Ba, Kiros and Hinton 2016). Default: false.</summary>
    public bool LayerNormalization { get; set; }

    /// <summary>The initial weights. Default: Glorot, recurrent ones orthogonal, forget bias 1, embeddings normal with standard deviation 1 (docs/initial-weights.md).</summary>
    public InitializationSpec Initialization { get; set; } = new();

    /// <summary>Dropout on inputs, between layers, on the recurrent state and on outputs. Default: none.</summary>
    public RegularizationSpec Dropout { get; set; } = new();

    /// <summary>Dropout on what the output layer reads: that of <see cref="Dropout"/>, whose others it leaves as they are. Range: [0, 1). Default: that of <see cref="Dropout"/>.</summary>
    [Range(0f, 0.5f, 0f)]
    public float OutputDropout
    {
        get => Dropout?.OutputDropout ?? 0;
        set => Dropout = (Dropout ?? new RegularizationSpec()) with { OutputDropout = value };
    }

    /// <summary>The optimiser and its constants. Default: Adam with PyTorch's.</summary>
    public OptimizerSpec Optimizer { get; set; } = new();

    /// <summary>
    /// The learning rate all along, of a forecaster the one to begin with; set this or <see cref="Schedule"/>. Range: more than 0. Default when neither is set: 0.001 (Kingma and Ba 2015); of a
    /// language model and a forecaster 0.002.
    /// </summary>
    [Range(1e-4f, 1e-2f, 1e-3f, logBase: true)]
    public float? LearningRate { get; set; }

    /// <summary>
    /// A learning rate that changes over the training. Null: <see cref="LearningRate"/> all along; of a forecaster halved after each epoch without a better validation loss
    /// (<see cref="LearningRateSchedule.ReduceOnPlateau"/>), since one that never comes down leaves many series with more noise than they were learned from. Default: null.
    /// </summary>
    public LearningRateSchedule? Schedule { get; set; }

    /// <summary>Largest global norm of the gradient, which is scaled down to it; null: no limit. Range: more than 0. Default: 1 (Pascanu, Mikolov and Bengio 2013).</summary>
    public float? ClipNorm { get; set; } = TrainingDefaults.ClipNorm;

    /// <summary>Largest magnitude of each element of the gradient; null: no limit. Range: more than 0. Default: null.</summary>
    public float? ClipValue { get; set; }

    /// <summary>
    /// η: normal noise of mean 0 and variance η / (1 + t)^0.55 is added to every element of the clipped gradient at update t, counted from 0; null:
    /// none. Range: more than 0; 0.01, 0.3 and 1 are what Neelakantan et al. (2015) tried. Default: null.
    /// </summary>
    public float? GradientNoise { get; set; }

    /// <summary>Most passes over the data. Range: 1 or more. Default: 50.</summary>
    public int NumberOfEpochs { get; set; } = TrainingDefaults.Epochs;

    /// <summary>Sequences per update; of a language model, streams read side by side. Range: 1 to 1,048,576; fewer than that make one smaller batch. Default: 32 (Keras).</summary>
    [Range(16, 256, 32, logBase: true)]
    public int BatchSize { get; set; } = TrainingDefaults.BatchSize;

    /// <summary>
    /// Fraction of the training data held out to watch the loss on; 0: none. It must come to at least one sequence, else none is held out.
    /// Range: [0, 1). Default: 0.1.
    /// </summary>
    public double ValidationFraction { get; set; } = TrainingDefaults.ValidationFraction;

    /// <summary>Epochs without a better validation loss (without validation: training loss) after which training stops; null: never. Range: 1 or more. Default: 10.</summary>
    public int? Patience { get; set; } = TrainingDefaults.Patience;

    /// <summary>By how much the loss must fall to count as better. Range: 0 or more. Default: 0.</summary>
    public double MinimumImprovement { get; set; }

    /// <summary>Whether the model gets the weights of the epoch with the best validation loss rather than the last. Default: true.</summary>
    public bool RestoreBestWeights { get; set; } = TrainingDefaults.RestoreBestWeights;

    /// <summary>Random seed of initial weights, order, dropout and gradient noise: same seed, same bits, whatever the number of threads. Null: drawn from the context. Default: null.</summary>
    public int? Seed { get; set; }

    /// <summary>
    /// A model whose training is continued on other data: a fitted transformer of the same trainer, or a chain, whose last such transformer is taken. Weights, scaling, columns,
    /// classes and vocabulary are its own; the options must describe a network of its shape. The optimiser begins anew. Null: training begins with fresh weights. Default: null.
    /// </summary>
    [JsonIgnore]
    public ITransformer? InitialModel { get; set; }

    /// <summary>
    /// Recurrent layers, from the input on, that keep the initial model's weights bit for bit, together with what stands before them: the embedding of tokens, or the
    /// layer that reads segments. Range: 0 to the number of layers; 0 where there is no initial model. Default: 0, everything is trained.
    /// </summary>
    public int FrozenLayers { get; set; }

    /// <summary>
    /// What trains the network: <see cref="TrainingEngine.Managed"/>, <see cref="TrainingEngine.Torch"/> on the device that <c>MLContext.GpuDeviceId</c> and
    /// <c>MLContext.FallbackToCpu</c> say, or <see cref="TrainingEngine.Auto"/>. Neither the model file nor scoring depends on it. Default:
    /// <see cref="TrainingEngine.Managed"/>.
    /// </summary>
    [JsonIgnore]
    public TrainingEngine Engine { get; set; } = TrainingEngine.Managed;

    /// <summary>
    /// Over which processes to train: each computes a share of every batch, and all come to the same model. Of callbacks and
    /// checkpoints the first process' alone are used. Default: <see cref="Distribution.Auto"/>, those that <c>mpirun</c> or <c>srun</c> has started, where the
    /// package Microsoft.ML.Lstm.Mpi is referenced (docs/distributed.md).
    /// </summary>
    public Distribution Distributed { get; set; }

    /// <summary>
    /// Shards that each batch is cut into for <see cref="Distributed"/> training: the weights' bits depend on their number, and not on that of the processes. Null: 4, or the number of processes
    /// if that is larger. Range: 1 to 65,536. Default: null.
    /// </summary>
    public int? ShardsPerBatch { get; set; }

    /// <summary>
    /// Which rows each process reads and holds, of several that train together (<see cref="Distributed"/>): the model is the same to the bit. With
    /// <see cref="DistributedData.Share"/> and <see cref="DistributedData.Own"/> the memory for data falls with the number of processes, which send each
    /// other what each batch needs (docs/distributed.md). Of no matter to one process. Default: <see cref="DistributedData.All"/>.
    /// </summary>
    public DistributedData DistributedData { get; set; }

    /// <summary>Threads to train with; null: all cores. Range: 1 to 1024. Default: null.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>File to write checkpoints to while training, each replacing the one before; null: none. Default: null.</summary>
    public string? CheckpointPath { get; set; }

    /// <summary>Updates between checkpoints; null: none within an epoch. Range: 1 or more. Default: null.</summary>
    public int? CheckpointEverySteps { get; set; }

    /// <summary>Epochs between checkpoints; null: none at an epoch's end. Range: 1 or more. Default: 1.</summary>
    public int? CheckpointEveryEpochs { get; set; } = TrainingDefaults.CheckpointEveryEpochs;

    /// <summary>
    /// Checkpoint to resume from; null: begin anew. Data and options must be those of the interrupted training, but for the number of epochs,
    /// patience, checkpoints, callbacks and threads. Default: null.
    /// </summary>
    public string? ResumeFrom { get; set; }

    /// <summary>
    /// Whether the resumed training may have another learning rate or schedule, such as a lower rate after a divergence. Default: false, which
    /// refuses it.
    /// </summary>
    public bool ResumeWithNewSchedule { get; set; }

    /// <summary>Stops the training within or before the next batch. <c>Fit</c> then throws <see cref="OperationCanceledException"/>, unless <see cref="KeepWeightsOnCancellation"/>. Default: never.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Whether a cancelled training returns the model it has come to, as early stopping does. Default: false.</summary>
    public bool KeepWeightsOnCancellation { get; set; }

    /// <summary>Called after every update, on the training thread; an engine that reads its results at intervals has it called for several one after the other. Default: null.</summary>
    [JsonIgnore]
    public Action<BatchReport>? BatchDone { get; set; }

    /// <summary>Called after every epoch, on the training thread; the same is told to ML.NET's log and progress channels. Default: null.</summary>
    [JsonIgnore]
    public Action<EpochReport>? EpochDone { get; set; }

    /// <summary>The processes, given rather than found.</summary>
    internal IProcessGroup? Processes { get; set; }

    /// <summary>Epochs after which this run of the training ends; whoever resumes from its checkpoint trains the rest. Null: it runs to the end.</summary>
    internal int? PauseAfterEpochs { get; set; }

    /// <summary>The same options, to be changed by themselves.</summary>
    internal RecurrentNetworkOptions Copy() => (RecurrentNetworkOptions)MemberwiseClone();

    internal virtual float DefaultLearningRate => TrainingDefaults.LearningRate;

    /// <summary>What <see cref="Schedule"/> is where it is not set.</summary>
    internal virtual LearningRateSchedule DefaultSchedule(float learningRate) => LearningRateSchedule.Constant(learningRate);
}
