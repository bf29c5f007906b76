using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// What must be the same for a resumed training to end as the interrupted one would have: the data, the batches, the loss, the update and, unless
/// <see cref="TrainingOptions.ResumeWithNewSchedule"/> says otherwise, the learning rates. Free to change are all that ends a training or says
/// where its files are: epochs, most steps, patience, checkpoints, threads.
/// </summary>
internal sealed record CheckpointScope
{
    public int BatchSize { get; init; }

    public BatchOrderKind Order { get; init; }

    /// <summary>Examples that an epoch draws; null, and then not written: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExamplesPerEpoch { get; init; }

    public int ChunkSteps { get; init; }

    /// <summary>Shards of a batch whose gradients are added up; null, and then not written, where there is but one, computed whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShardsPerBatch { get; init; }

    public int Seed { get; init; }

    public int ExampleCount { get; init; }

    public long StepCount { get; init; }

    /// <summary>A hash of the training examples.</summary>
    public string? TrainingData { get; init; }

    /// <summary>A hash of the validation examples; null without.</summary>
    public string? ValidationData { get; init; }

    /// <summary>The learning rates; null, and then not written, when they may change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>The engine's options, but for those that a resumed training does not depend on; null for an engine that has none.</summary>
    public EngineOptions? Engine { get; init; }

    public static CheckpointScope Of(TrainingOptions options, EngineOptions? engine, IExampleSource training, IExampleSource? validation) => new()
    {
        BatchSize = options.BatchSize,
        Order = options.Order,
        ExamplesPerEpoch = options.ExamplesPerEpoch,
        ChunkSteps = options.ChunkSteps,
        Seed = options.Seed,
        ExampleCount = training.Count,
        StepCount = training.StepCount,
        TrainingData = DataFingerprint.Of(training),
        ValidationData = validation is null ? null : DataFingerprint.Of(validation),
        Schedule = options.Schedule,
        Engine = engine is null ? null : engine with { Threads = null, Initialization = new() },
    };
}
