using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Samples.Shared;

/// <summary>A network that continues sines, and the loss to reach with it.</summary>
/// <param name="Name">What to call it on the command line.</param>
/// <param name="HiddenSizes">Units of each layer.</param>
/// <param name="Past">Samples given, at 100 per second.</param>
/// <param name="Future">Samples to predict.</param>
/// <param name="Examples">Examples to train on, each seen once.</param>
/// <param name="Goal">The loss reported or aimed at: squared error summed over the outputs.</param>
/// <param name="Schedule">The learning rate.</param>
/// <param name="BatchSize">Examples per update.</param>
internal sealed record SineRecipe(
    string Name, int[] HiddenSizes, int Past, int Future, int Examples, double Goal, LearningRateSchedule Schedule, int BatchSize)
{
    // No loss was reported for (1), and no number of examples for (4).
    public static readonly SineRecipe[] All =
    [
        new("1", [100], 100, 50, 200_000, 0.01, LearningRateSchedule.OneCycle(0.005f), 50) { Lowest = 1, Highest = 1 },
        new("2", [150], 100, 50, 300_000, 0.614914, LearningRateSchedule.OneCycle(0.005f), 50),
        new("3a", [150], 25, 50, 500_000, 0.177742, LearningRateSchedule.OneCycle(0.005f), 50),
        new("3b", [150], 25, 100, 500_000, 0.257725, LearningRateSchedule.OneCycle(0.005f), 50),
        new("4", [500], 25, 100, 125_000, 0.069027, LearningRateSchedule.Cosine(0.003f, warmUpSteps: 200), 20) { ClipValue = 0.5f },
        new("5", [32, 32, 32, 32], 25, 100, 375_000, 0.138701, LearningRateSchedule.OneCycle(0.01f), 50),
        new("5.1", [10, 10, 10, 10], 25, 100, 510_000, 0.180995, LearningRateSchedule.OneCycle(0.02f), 20),
        new("6", [10, 10, 10, 10], 25, 100, 1_000_000, 0.3, LearningRateSchedule.OneCycle(0.02f), 50) { Cell = CellKind.Gru },
        new("own", [64, 64, 64], 25, 100, 440_000, 0.002, LearningRateSchedule.Cosine(0.007f, warmUpSteps: 200), 24) { SamplesPerStep = 5 },
    ];

    /// <summary>Lowest frequency in hertz.</summary>
    public double Lowest { get; init; } = 0.5;

    /// <summary>Highest frequency in hertz.</summary>
    public double Highest { get; init; } = 4;

    /// <summary>The recurrence.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>How many samples the network reads at once.</summary>
    public int SamplesPerStep { get; init; } = 1;

    /// <summary>Largest magnitude of each element of the gradient; null: the gradient's norm is clipped to 1 instead.</summary>
    public float? ClipValue { get; init; }

    /// <summary>What to train with: for the rest, the library's defaults.</summary>
    public LstmRegressor.Options Options(int seed, CancellationToken cancellation) => new()
    {
        LabelColumnName = "Future",
        FeatureColumnName = "Past",
        Cell = Cell,
        HiddenSizes = HiddenSizes,
        StepSize = SamplesPerStep,
        BatchSize = BatchSize,
        NumberOfEpochs = 1,
        ValidationFraction = 0,
        Schedule = Schedule,
        ClipValue = ClipValue,
        ClipNorm = ClipValue is null ? 1 : null,
        Seed = seed,
        NumberOfThreads = 1,
        CancellationToken = cancellation,
    };
}
