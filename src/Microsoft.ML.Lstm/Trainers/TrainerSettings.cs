using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>A trainer's options as the engine wants them: checked, and immutable from then on.</summary>
internal sealed record TrainerSettings
{
    private const int DefaultEmbeddingSize = 64;

    /// <summary>Takes over and checks the options.</summary>
    /// <param name="host">Where a seed that was not given comes from.</param>
    /// <param name="options">The options.</param>
    /// <param name="loss">What is minimised.</param>
    /// <exception cref="ArgumentException">Names the option, its value and what was expected.</exception>
    public TrainerSettings(IHost host, RecurrentTrainerOptions options, LossSpec loss)
    {
        LabelColumn = Named(options.LabelColumnName, nameof(options.LabelColumnName));
        FeatureColumn = Named(options.FeatureColumnName, nameof(options.FeatureColumnName));
        WeightColumn = options.ExampleWeightColumnName is { } weight ? Named(weight, nameof(options.ExampleWeightColumnName)) : null;
        Require(options.StepSize is null or > 0, nameof(options.StepSize), options.StepSize, "1 or more, or null");
        TokenColumn = options.TokenColumnName is { } token ? Named(token, nameof(options.TokenColumnName)) : null;
        Require(options.EmbeddingSize is null or > 0, nameof(options.EmbeddingSize), options.EmbeddingSize, "1 or more, or null");
        PretrainedEmbedding = options.PretrainedEmbedding;
        Require(options.EmbeddingSize is null || PretrainedEmbedding is null || options.EmbeddingSize == PretrainedEmbedding.Size, nameof(options.EmbeddingSize),
            options.EmbeddingSize, $"{PretrainedEmbedding?.Size}, the length of the vectors in {nameof(options.PretrainedEmbedding)}, or null");
        Require(!options.FreezeEmbedding || PretrainedEmbedding is not null, nameof(options.FreezeEmbedding), true,
            $"false, since {nameof(options.PretrainedEmbedding)} is null");
        Require(options.NumberOfEpochs > 0, nameof(options.NumberOfEpochs), options.NumberOfEpochs, "1 or more");
        Require(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), options.NumberOfThreads, "1 or more, or null for all cores");
        (StepSize, ScaleFeatures) = (options.StepSize, options.ScaleFeatures);
        EmbeddingSize = options.EmbeddingSize ?? PretrainedEmbedding?.Size ?? DefaultEmbeddingSize;
        (CancellationToken, BatchDone, EpochDone) = (options.CancellationToken, options.BatchDone, options.EpochDone);
        int seed = options.Seed ?? host.Rand.Next();
        Network = NetworkOf(options);
        Engine = EngineOf(options, loss, seed);
        Training = TrainingOf(options, seed);
        Engine.Optimizer.Validate();
        Training.Validate();
        int outputs = loss.Kind == LossKind.Quantile ? Math.Max(1, loss.Quantiles.Count) : 1;
        Engine.Validate(Network with { InputSize = 1, OutputSize = outputs });
    }

    public string LabelColumn { get; }

    public string FeatureColumn { get; }

    public string? TokenColumn { get; }

    public string? WeightColumn { get; }

    public int? StepSize { get; }

    public bool ScaleFeatures { get; }

    /// <summary>The architecture, but for what only the data tells.</summary>
    public NetworkSpec Network { get; }

    public EngineOptions Engine { get; }

    /// <summary>What the embedding begins with; null: random numbers.</summary>
    public WordVectors? PretrainedEmbedding { get; }

    public TrainingOptions Training { get; }

    public CancellationToken CancellationToken { get; }

    public Action<BatchReport>? BatchDone { get; }

    public Action<EpochReport>? EpochDone { get; }

    private int EmbeddingSize { get; }

    /// <summary>The architecture for sequences of these columns.</summary>
    public NetworkSpec NetworkFor(SequenceInput input, int outputSize) => Network with
    {
        InputSize = input.FeatureSize,
        VocabularySize = input.VocabularySize,
        EmbeddingSize = input.HasTokens ? EmbeddingSize : 0,
        OutputSize = outputSize,
    };

    private static NetworkSpec NetworkOf(RecurrentTrainerOptions options) => new()
    {
        Cell = options.Cell,
        HiddenSizes = options.HiddenSizes is { } sizes ? [.. sizes] : [],
        Bidirectional = options.Bidirectional,
        LearnedInitialState = options.LearnedInitialState,
        LayerNormalization = options.LayerNormalization,
    };

    private static EngineOptions EngineOf(RecurrentTrainerOptions options, LossSpec loss, int seed) => new()
    {
        Loss = loss,
        Optimizer = Given(options.Optimizer, nameof(options.Optimizer)),
        Regularization = Given(options.Dropout, nameof(options.Dropout)),
        Initialization = Given(options.Initialization, nameof(options.Initialization)),
        ClipNorm = options.ClipNorm,
        ClipValue = options.ClipValue,
        FreezeEmbedding = options.FreezeEmbedding,
        Seed = seed,
        Threads = options.NumberOfThreads,
    };

    private static TrainingOptions TrainingOf(RecurrentTrainerOptions options, int seed) => new()
    {
        Epochs = options.NumberOfEpochs,
        BatchSize = options.BatchSize,
        Schedule = ScheduleOf(options),
        Seed = seed,
        ValidationFraction = options.ValidationFraction,
        ValidationPart = options.ValidationPart,
        Patience = options.Patience,
        MinimumImprovement = options.MinimumImprovement,
        RestoreBestWeights = options.RestoreBestWeights,
        KeepWeightsOnCancellation = options.KeepWeightsOnCancellation,
        CheckpointPath = options.CheckpointPath,
        CheckpointEverySteps = options.CheckpointEverySteps,
        CheckpointEveryEpochs = options.CheckpointEveryEpochs,
        ResumeFrom = options.ResumeFrom,
    };

    private static LearningRateSchedule ScheduleOf(RecurrentTrainerOptions options)
    {
        if (options.Schedule is null)
            return options.LearningRate is { } rate ? LearningRateSchedule.Constant(rate) : new();
        Require(options.LearningRate is null, nameof(options.LearningRate), options.LearningRate,
            $"null, since {nameof(options.Schedule)} is given, whose learning rate is {options.Schedule.LearningRate}");
        return options.Schedule;
    }

    private static string Named(string? name, string option)
    {
        Require(!string.IsNullOrEmpty(name), option, name is null ? "null" : "empty", "the name of a column");
        return name!;
    }

    private static T Given<T>(T? value, string option)
        where T : class
    {
        Require(value is not null, option, "null", "a value");
        return value!;
    }

    private static void Require(bool holds, string option, object? found, string expected)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"{option} is {found}; expected {expected}."), option);
    }
}
