using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Samples.Shared;

/// <summary>A network that continues sines, and the loss once reported for it.</summary>
/// <param name="Name">What to call it on the command line.</param>
/// <param name="HiddenSizes">Units of each layer.</param>
/// <param name="Past">Samples given, at 100 per second.</param>
/// <param name="Future">Samples to predict.</param>
/// <param name="Lowest">Lowest frequency in hertz.</param>
/// <param name="Highest">Highest frequency in hertz.</param>
/// <param name="Examples">Examples to train on, each seen once.</param>
/// <param name="Reported">The loss reported: squared error summed over the outputs; null: none.</param>
/// <param name="PeakRate">Highest learning rate of the one-cycle schedule.</param>
internal sealed record SineRecipe(
    string Name, int[] HiddenSizes, int Past, int Future, double Lowest, double Highest, int Examples, double? Reported, float PeakRate = 0.005f)
{
    public static readonly SineRecipe[] All =
    [
        new("1", [100], 100, 50, 1, 1, 200_000, null),
        new("2", [150], 100, 50, 0.5, 4, 300_000, 0.614914),
        new("3a", [150], 25, 50, 0.5, 4, 500_000, 0.177742),
        new("3b", [150], 25, 100, 0.5, 4, 500_000, 0.257725),
        new("4", [500], 25, 100, 0.5, 4, 375_000, 0.069027),
        new("5", [32, 32, 32, 32], 25, 100, 0.5, 4, 375_000, 0.138701, 0.01f),
        new("5.1", [10, 10, 10, 10], 25, 100, 0.5, 4, 510_000, 0.180995, 0.02f),
        new("6", [10, 10, 10, 10], 25, 100, 0.5, 4, 1_000_000, 0.3, 0.02f) { Cell = CellKind.Gru },
        new("own", [128], 25, 100, 0.5, 4, 750_000, 0.002, 0.01f) { SamplesPerStep = 5, BatchSize = 32 },
    ];

    /// <summary>The recurrence.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>How many samples the network reads at once.</summary>
    public int SamplesPerStep { get; init; } = 1;

    /// <summary>Examples per update.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>What to train with: the library's defaults, which clip the gradient's norm to 1 and scale numbers, and a one-cycle schedule.</summary>
    public LstmRegressor.Options Options(int seed) => new()
    {
        LabelColumnName = "Future",
        FeatureColumnName = "Past",
        Cell = Cell,
        HiddenSizes = HiddenSizes,
        StepSize = SamplesPerStep,
        BatchSize = BatchSize,
        NumberOfEpochs = 1,
        ValidationFraction = 0,
        Schedule = LearningRateSchedule.OneCycle(PeakRate),
        Seed = seed,
    };
}
