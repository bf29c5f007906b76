using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>The options of an estimator that trains a network, as the engine wants them: checked, and immutable from then on.</summary>
internal record NetworkSettings
{
    /// <summary>The length of embeddings when nothing else is said.</summary>
    public const int DefaultEmbeddingSize = 64;

    /// <summary>Takes over and checks the options.</summary>
    /// <param name="host">Draws the random seed if none is given.</param>
    /// <param name="options">The options.</param>
    /// <param name="loss">What is minimised.</param>
    /// <exception cref="ArgumentException">Names the option, its value and what was expected.</exception>
    public NetworkSettings(IHost host, RecurrentNetworkOptions options, LossSpec loss)
    {
        Require(options.EmbeddingSize is null or > 0, nameof(options.EmbeddingSize), options.EmbeddingSize, "1 or more, or null");
        Require(options.NumberOfEpochs > 0, nameof(options.NumberOfEpochs), options.NumberOfEpochs, "1 or more");
        Require(options.NumberOfThreads is null or (> 0 and <= WorkerTeam.MaxSize), nameof(options.NumberOfThreads), options.NumberOfThreads,
            $"1 or more and at most {WorkerTeam.MaxSize}, or null for all cores");
        EmbeddingSize = options.EmbeddingSize ?? DefaultEmbeddingSize;
        TrainingEngine = HostDevice.On(host, Given(options.Engine, nameof(options.Engine)));
        InitialModel = options.InitialModel;
        Trainer = options.GetType().DeclaringType!.Name;
        (CancellationToken, BatchDone, EpochDone) = (options.CancellationToken, options.BatchDone, options.EpochDone);
        Distribution = new DistributionSettings(options);
        int seed = options.Seed ?? host.Rand.Next();
        Network = NetworkOf(options);
        Engine = EngineOf(options, loss, seed);
        Training = TrainingOf(options, seed);
        Validate();
    }

    /// <summary>The estimator whose options these are, by its name.</summary>
    public string Trainer { get; }

    /// <summary>The architecture, but for what only the data tells.</summary>
    public NetworkSpec Network { get; init; }

    /// <summary>What trains the network.</summary>
    public TrainingEngine TrainingEngine { get; }

    /// <summary>The processes to train in.</summary>
    public DistributionSettings Distribution { get; }

    public EngineOptions Engine { get; init; }

    public TrainingOptions Training { get; init; }

    public int EmbeddingSize { get; init; }

    /// <summary>Whether values are scaled inside the model.</summary>
    public bool ScaleFeatures { get; init; }

    /// <summary>The model whose training is continued, as the options give it; null: none.</summary>
    public ITransformer? InitialModel { get; }

    public CancellationToken CancellationToken { get; init; }

    public Action<BatchReport>? BatchDone { get; }

    public Action<EpochReport>? EpochDone { get; }

    /// <summary>The architecture for sequences of these columns.</summary>
    public NetworkSpec NetworkFor(SequenceInput input, int outputSize) => Network with
    {
        InputSize = input.FeatureSize,
        VocabularySize = input.VocabularySize,
        EmbeddingSize = input.HasTokens ? EmbeddingSize : 0,
        OutputSize = outputSize,
    };

    /// <summary>The model whose training is continued: a given one, or that of the options; null: none.</summary>
    /// <exception cref="ArgumentException">The options' is of another kind, or layers are frozen and there is none.</exception>
    public T? InitialOf<T>(T? given)
        where T : class, ITransformer
    {
        T? initial = given ?? Trainers.InitialModel.Find<T>(InitialModel);
        Require(Engine.FrozenLayers == 0 || initial is not null, nameof(Engine.FrozenLayers), Engine.FrozenLayers, "0, since there is no initial model");
        return initial;
    }

    /// <summary>Refuses what does not fit together or the engine cannot do, as far as can be told without data.</summary>
    protected void Validate()
    {
        LossSpec loss = Engine.Loss;
        Training.Validate();
        int outputs = loss is { Kind: LossKind.Quantile, Quantiles: not null } ? Math.Max(1, loss.Quantiles.Count) : 1;
        NetworkSpec network = Network with { InputSize = 1, OutputSize = outputs };
        Engine.Validate(network);
        TrainingEngine.Capabilities.Require(TrainingEngine, new EngineRequest(network, Engine));
    }

    private static NetworkSpec NetworkOf(RecurrentNetworkOptions options) => new()
    {
        Cell = options.Cell,
        HiddenSizes = options.HiddenSizes is { } sizes ? [.. sizes] : [],
        LearnedInitialState = options.LearnedInitialState,
        LayerNormalization = options.LayerNormalization,
    };

    private static EngineOptions EngineOf(RecurrentNetworkOptions options, LossSpec loss, int seed) => new()
    {
        Loss = loss,
        Optimizer = Given(options.Optimizer, nameof(options.Optimizer)),
        Regularization = Given(options.Dropout, nameof(options.Dropout)),
        Initialization = Given(options.Initialization, nameof(options.Initialization)),
        ClipNorm = options.ClipNorm,
        ClipValue = options.ClipValue,
        GradientNoise = options.GradientNoise,
        FrozenLayers = options.FrozenLayers,
        Seed = seed,
        Threads = options.NumberOfThreads,
    };

    private static TrainingOptions TrainingOf(RecurrentNetworkOptions options, int seed) => new()
    {
        Epochs = options.NumberOfEpochs,
        BatchSize = options.BatchSize,
        Schedule = ScheduleOf(options),
        Seed = seed,
        ValidationFraction = options.ValidationFraction,
        Patience = options.Patience,
        MinimumImprovement = options.MinimumImprovement,
        RestoreBestWeights = options.RestoreBestWeights,
        KeepWeightsOnCancellation = options.KeepWeightsOnCancellation,
        CheckpointPath = options.CheckpointPath,
        CheckpointEverySteps = options.CheckpointEverySteps,
        CheckpointEveryEpochs = options.CheckpointEveryEpochs,
        ResumeFrom = options.ResumeFrom,
        ResumeWithNewSchedule = options.ResumeWithNewSchedule,
        PauseAfterEpochs = options.PauseAfterEpochs,
    };

    private static LearningRateSchedule ScheduleOf(RecurrentNetworkOptions options)
    {
        if (options.Schedule is null)
            return options.DefaultSchedule(options.LearningRate ?? options.DefaultLearningRate);
        Require(options.LearningRate is null, nameof(options.LearningRate), options.LearningRate,
            $"null, since {nameof(options.Schedule)} is given, whose learning rate is {options.Schedule.LearningRate}");
        return options.Schedule;
    }

    protected static string Named(string? name, string option)
    {
        Require(!string.IsNullOrEmpty(name), option, name is null ? "null" : "empty", "the name of a column");
        return name!;
    }

    private static T Given<T>(T? value, string option)
        where T : class
    {
        Require(value is not null, option, null, "a value");
        return value!;
    }
}
