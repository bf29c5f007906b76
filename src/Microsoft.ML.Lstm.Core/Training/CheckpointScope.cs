using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What must be the same for a resumed training to walk on over the same batches.</summary>
internal sealed record CheckpointScope
{
    public int BatchSize { get; init; }

    public BatchOrderKind Order { get; init; }

    public int ChunkSteps { get; init; }

    public int Seed { get; init; }

    public int ExampleCount { get; init; }

    public long StepCount { get; init; }

    public static CheckpointScope Of(TrainingOptions options, SequenceDataset training) => new()
    {
        BatchSize = options.BatchSize,
        Order = options.Order,
        ChunkSteps = options.ChunkSteps,
        Seed = options.Seed,
        ExampleCount = training.Count,
        StepCount = training.StepCount,
    };
}
