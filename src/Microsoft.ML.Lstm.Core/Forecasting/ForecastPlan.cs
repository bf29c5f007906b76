using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What a forecaster is to be: geometry, network, training. Checked by whoever makes it.</summary>
internal sealed record ForecastPlan
{
    /// <summary>L, rows of the past that a forecast reads at most.</summary>
    public required int WindowLength { get; init; }

    /// <summary>H, rows to forecast.</summary>
    public required int Horizon { get; init; }

    /// <summary>w, rows of a segment; null: the season where it fits several times into the window, else a divisor of the window near the horizon.</summary>
    public int? SegmentLength { get; init; }

    /// <summary>The season's length; null: sought in the data.</summary>
    public int? SeasonLength { get; init; }

    /// <summary>The calendar features; null: those that fit the time step.</summary>
    public CalendarFeatures? Calendar { get; init; }

    /// <summary>What missing values are filled with.</summary>
    public MissingValues MissingValues { get; init; }

    /// <summary>Whether forecasts may be fed back, to forecast beyond the horizon.</summary>
    public bool VariableHorizon { get; init; }

    /// <summary>Whether series are learned as logarithms; null: those that suit it (<see cref="Forecasting.Logarithms"/>).</summary>
    public bool? Logarithms { get; init; }

    /// <summary>Whether windows are divided by their own standard deviation.</summary>
    public bool ScalesByWindow { get; init; }

    /// <summary>s in change^(1 − s) · spread^s, the unit of a series.</summary>
    public double SpreadShare { get; init; }

    /// <summary>Whether a linear forecast from the window stands beside the recurrent one.</summary>
    public bool LinearSkip { get; init; } = true;

    /// <summary>Whether that is trained with the network; otherwise either is learned by itself.</summary>
    public bool TrainSkip { get; init; } = true;

    /// <summary>Whether each of several series also has a linear forecast learned from it alone, where that betters held-out windows.</summary>
    public bool LocalForecasts { get; init; } = true;

    /// <summary>Whether networks are trained again, on the held-out windows too; null: where there are few windows.</summary>
    public bool? RefitOnAllRows { get; init; }

    /// <summary>The recurrence and its layers; sizes that only the data tells are filled in.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>Length of a series' embedding; null: chosen by the number of series.</summary>
    public int? SeriesEmbeddingSize { get; init; }

    /// <summary>The loss, the optimiser, the seed.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>Epochs, batches, early stopping.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What trains.</summary>
    public required TrainingEngine TrainingEngine { get; init; }

    /// <summary>The processes to train in; null: this one alone.</summary>
    public DataParallel? Distribution { get; init; }

    /// <summary>Windows of an epoch at most; of more, each epoch draws its own at random.</summary>
    public int WindowsPerEpoch { get; init; } = 20_000;

    /// <summary>Networks whose forecasts are averaged, each with a seed of its own.</summary>
    public int MemberCount { get; init; } = 1;

    /// <summary>The level of the intervals; null: none.</summary>
    public double? ConfidenceLevel { get; init; }
}
