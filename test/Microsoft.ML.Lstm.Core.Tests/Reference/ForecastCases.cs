using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Forecasting networks, losses and batches in a pairwise table, as <see cref="NetworkCases"/>.</summary>
internal static class ForecastCases
{
    /// <summary>The factors and their values, which are free to combine.</summary>
    internal static readonly string[][] Factors =
    [
        ["lstm", "gru", "rnn-tanh", "rnn-relu"],
        ["1-layer", "2-layers"],
        ["embedded", "plain"],
        ["step-by-step", "segments"],
        ["whole-horizon", "cut-horizon", "horizon-below-segment"],
        ["1-target", "2-targets"],
        ["mse", "mae", "huber", "quantile", "ordered-quantiles"],
        ["no-skip", "short-skip", "long-skip"],
        ["no-series", "series"],
        ["no-covariates", "statics", "futures", "both"],
        ["uniform", "ragged", "one-segment", "one-sequence"],
        ["zero-state", "learned-state"],
        ["all-targets", "missing-targets"],
        ["no-dropout", "dropout"],
    ];

    /// <summary>All cases, in a fixed order.</summary>
    public static IReadOnlyList<ForecastCase> All { get; } = [.. PairwiseTable.Cover(Factors, seed: 11).Select((row, i) => Case(row, 3000 + i))];

    /// <summary>Sizes that cross the engine's tiles and chunks.</summary>
    public static IReadOnlyList<ForecastCase> Wide { get; } =
    [
        .. from cell in Factors[0]
           from lengths in Factors[10].Take(2)
           select WideCase(cell, lengths),
        .. from cell in Factors[0].SkipLast(1)
           from covariates in (string[])["no-covariates", "both"]
           select LongCase(cell, covariates),
    ];

    /// <summary>The names of the cases of the pairwise table, as a theory's data.</summary>
    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    /// <summary>The names of the wide cases, as a theory's data.</summary>
    public static TheoryData<string> WideNames => [.. Wide.Select(c => c.Name)];

    public static ForecastCase Named(string name) => All.Concat(Wide).Single(c => c.Name == name);

    private static ForecastCase WideCase(string cell, string lengths)
    {
        bool ragged = lengths == "ragged";
        string[] row =
        [
            cell, ragged ? "2-layers" : "1-layer", ragged ? "plain" : "embedded", "segments", "cut-horizon", ragged ? "2-targets" : "1-target",
            ragged ? "ordered-quantiles" : "mse", "short-skip", "series", "both", lengths, "zero-state", "missing-targets", "dropout",
        ];
        ForecastCase narrow = Case(row, 4000);
        NetworkSpec spec = narrow.Spec with
        {
            HiddenSizes = ragged ? [64, 33] : [70],
            Forecast = narrow.Spec.Forecast! with { DecoderSize = 50, SeriesSize = 18, SeriesCount = 5 },
        };
        int[] steps = [.. Enumerable.Range(0, 23).Select(i => ragged ? 1 + (i * 5 % 9) : 7)];
        return narrow with { Name = $"wide {cell} {lengths}", Spec = spec, Lengths = steps, WeightScale = 0.2 };
    }

    /// <summary>As many segments of the horizon as the decoder takes in two goes.</summary>
    private static ForecastCase LongCase(string cell, string covariates)
    {
        bool plain = covariates == "no-covariates";
        string[] row =
        [
            cell, plain ? "1-layer" : "2-layers", "embedded", "step-by-step", "whole-horizon", "1-target", "mse", "no-skip", "series", covariates,
            "ragged", "zero-state", "all-targets", plain ? "no-dropout" : "dropout",
        ];
        ForecastCase narrow = Case(row, 5000);
        NetworkSpec spec = narrow.Spec with
        {
            HiddenSizes = plain ? [11] : [9, 5],
            OutputSize = 130,
            Forecast = narrow.Spec.Forecast! with { Horizon = 130, DecoderSize = 7, SeriesSize = 3, SeriesCount = 5 },
        };
        int[] steps = [.. Enumerable.Range(0, 18).Select(i => 1 + (i % 3))];
        return narrow with { Name = $"long {cell} {covariates}", Spec = spec, Lengths = steps, WeightScale = 0.3 };
    }

    private static ForecastCase Case(string[] row, int seed)
    {
        bool ordered = row[6] == "ordered-quantiles", quantiles = ordered || row[6] == "quantile";
        LossSpec loss = row[6] switch
        {
            "mae" => new LossSpec { Kind = LossKind.MeanAbsoluteError },
            "huber" => new LossSpec { Kind = LossKind.Huber, HuberDelta = 0.7f },
            "mse" => new LossSpec { Kind = LossKind.MeanSquaredError },
            _ => new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.05f, 0.3f, 0.5f, 0.9f] },
        };
        int segment = row[3] == "segments" ? 3 : 1, targets = row[5] == "2-targets" ? 2 : 1;
        int horizon = row[4] switch { "whole-horizon" => 6, "cut-horizon" => 7, _ => segment == 1 ? 1 : 2 };
        int count = quantiles ? loss.Quantiles.Count : 1;
        var forecast = new ForecastSpec
        {
            Horizon = horizon,
            SegmentLength = segment,
            TargetCount = targets,
            QuantileCount = count,
            OrderedQuantiles = ordered,
            EmbedsSegments = row[2] == "embedded",
            DecoderSize = 5,
            SeriesCount = row[8] == "series" ? 3 : 0,
            SeriesSize = row[8] == "series" ? 2 : 0,
            StaticSize = row[9] is "statics" or "both" ? 2 : 0,
            FutureSize = row[9] is "futures" or "both" ? 2 : 0,
            SkipLength = row[7] switch { "short-skip" => 2, "long-skip" => 10, _ => 0 },
        };
        var spec = new NetworkSpec
        {
            Cell = row[0] switch { "gru" => CellKind.Gru, "rnn-tanh" => CellKind.RnnTanh, "rnn-relu" => CellKind.RnnRelu, _ => CellKind.Lstm },
            InputSize = segment * (targets + 1),
            HiddenSizes = row[1] == "1-layer" ? [4] : [4, 3],
            OutputSize = horizon * targets * count,
            LearnedInitialState = row[11] == "learned-state",
            Forecast = forecast,
        };
        int[] lengths = row[10] switch { "uniform" => [3, 3, 3], "ragged" => [2, 4, 1, 4], "one-sequence" => [3], _ => [1, 1] };
        return new ForecastCase(string.Join(' ', row), spec, loss, lengths, row[12] == "missing-targets", row[13] == "dropout", seed);
    }
}
