using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// Networks, losses and batches in a pairwise table: for every two factors, every pair of their values stands in some case.
/// </summary>
internal static class NetworkCases
{
    /// <summary>The factors and their values, which are free to combine.</summary>
    internal static readonly string[][] Factors =
    [
        ["lstm", "lstm-norm", "gru", "rnn-tanh", "rnn-relu"],
        ["1-layer", "2-layers", "3-layers"],
        ["forward", "bidirectional"],
        ["last-step", "every-step"],
        ["uniform", "ragged", "one-step"],
        ["numbers", "tokens", "numbers+tokens", "tied"],
        ["mse", "mae", "huber", "quantile", "softmax", "softmax-smoothed", "bce"],
        ["zero-state", "learned-state", "carried-state"],
        ["unweighted", "weighted"],
        ["no-dropout", "dropout"],
    ];

    /// <summary>All cases, in a fixed order.</summary>
    public static IReadOnlyList<NetworkCase> All { get; } = [.. PairwiseTable.Cover(Factors, seed: 7).Select((row, i) => Case(row, 100 + i))];

    /// <summary>Some cases with layers and batches wide enough to cross the engine's tiles, at sizes beside their edges.</summary>
    public static IReadOnlyList<NetworkCase> Wide { get; } =
    [
        .. from cell in Factors[0]
           from sizes in (int[][])[[31], [64, 33]]
           from both in (string[])["forward", "bidirectional"]
           select WideCase(cell, sizes, both, 500 + sizes[0]),
    ];

    /// <summary>Batches of more rows than the engine treats at once: the backward pass goes over several chunks of steps.</summary>
    public static IReadOnlyList<NetworkCase> Long { get; } =
    [
        .. from cell in Factors[0].Where(c => c != "lstm-norm")
           from lengths in (string[])["uniform", "ragged"]
           select LongCase(cell, lengths, 700),
        ManyInputsCase(800),
    ];

    /// <summary>
    /// As long, with so many units that several threads share out the units in place of the sequences. Too much work for the reference network.
    /// </summary>
    public static IReadOnlyList<NetworkCase> Heavy { get; } = [.. Long.Take(2).Select(c => c with { Name = c.Name + " of many units", Spec = c.Spec with { HiddenSizes = [190] }, WeightScale = 0.1 })];

    /// <summary>The names of the cases of the pairwise table, as a theory's data.</summary>
    public static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    /// <summary>The names of the wide, the long and the heavy cases, as a theory's data.</summary>
    public static TheoryData<string> LargeNames => [.. Large.Select(c => c.Name)];

    public static NetworkCase Named(string name) => All.Concat(Large).Single(c => c.Name == name);

    private static IEnumerable<NetworkCase> Large => [.. Wide, .. Long, .. Heavy];

    private static NetworkCase WideCase(string cell, int[] sizes, string both, int seed)
    {
        bool tall = sizes.Length > 1;
        string[] row =
        [
            cell, "1-layer", both, tall ? "last-step" : "every-step", "ragged", "numbers+tokens",
            tall ? "mse" : "softmax", "zero-state", "weighted", tall ? "dropout" : "no-dropout",
        ];
        NetworkCase narrow = Case(row, seed);
        NetworkSpec spec = narrow.Spec with { HiddenSizes = sizes, InputSize = 17, VocabularySize = 60, EmbeddingSize = 16, OutputSize = 49 };
        int[] lengths = [.. Enumerable.Range(0, 19).Select(i => 1 + i * 5 % 9)];
        return narrow with { Name = $"wide {cell} {string.Join('-', sizes)} {both}", Spec = spec, Lengths = lengths, WeightScale = 0.25 };
    }

    private static NetworkCase LongCase(string cell, string lengths, int seed)
    {
        bool uniform = lengths == "uniform";
        string[] row =
        [
            cell, "2-layers", uniform ? "forward" : "bidirectional", uniform ? "last-step" : "every-step", lengths, "numbers", "mse",
            "zero-state", "unweighted", uniform ? "dropout" : "no-dropout",
        ];
        return Case(row, seed) with
        {
            Name = $"long {cell} {lengths}",
            Lengths = [.. Enumerable.Range(0, 70).Select(i => uniform ? 80 : 60 + (i * 7 % 50))],
        };
    }

    /// <summary>More input weights than ride along in the time loop, so that the projection of the inputs goes over several chunks.</summary>
    private static NetworkCase ManyInputsCase(int seed)
    {
        NetworkCase narrow = Case(["lstm", "1-layer", "forward", "every-step", "ragged", "numbers", "mse", "zero-state", "unweighted", "no-dropout"], seed);
        return narrow with
        {
            Name = "long lstm of many inputs",
            Spec = narrow.Spec with { InputSize = 1100, HiddenSizes = [31] },
            Lengths = [.. Enumerable.Range(0, 20).Select(i => 50 + (i * 7 % 11))],
            WeightScale = 0.05,
        };
    }

    private static NetworkCase Case(string[] row, int seed)
    {
        LossSpec loss = Loss(row[6]);
        int outputs = row[6] switch { "quantile" => 6, "softmax" or "softmax-smoothed" => 5, "bce" => 2, _ => 3 };
        bool carried = row[7] == "carried-state", tied = row[5] == "tied", tokens = row[5] != "numbers";
        var spec = new NetworkSpec
        {
            Cell = row[0] switch { "gru" => CellKind.Gru, "rnn-tanh" => CellKind.RnnTanh, "rnn-relu" => CellKind.RnnRelu, _ => CellKind.Lstm },
            LayerNormalization = row[0] == "lstm-norm",
            HiddenSizes = row[1] switch { "1-layer" => [4], "2-layers" => [3, 5], _ => [4, 3, 5] },
            Bidirectional = row[2] == "bidirectional",
            Output = row[3] == "every-step" ? OutputPosition.EveryStep : OutputPosition.LastStep,
            InputSize = row[5].StartsWith("numbers", StringComparison.Ordinal) ? 3 : 0,
            VocabularySize = tied ? outputs : tokens ? 7 : 0,
            EmbeddingSize = tokens ? 2 : 0,
            OutputSize = outputs,
            TiedEmbeddings = tied,
            LearnedInitialState = row[7] == "learned-state",
        };
        if (tied)
            spec = spec with { EmbeddingSize = spec.TopSize };
        int[] lengths = row[4] switch { "uniform" => [4, 4, 4], "ragged" => [2, 4, 1, 4], _ => [1, 1] };
        return new NetworkCase(string.Join(' ', row), spec, loss, lengths, row[8] == "weighted", row[9] == "dropout", carried, seed);
    }

    private static LossSpec Loss(string name) => name switch
    {
        "mse" => new LossSpec { Kind = LossKind.MeanSquaredError },
        "mae" => new LossSpec { Kind = LossKind.MeanAbsoluteError },
        "huber" => new LossSpec { Kind = LossKind.Huber, HuberDelta = 0.7f },
        "quantile" => new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.8f] },
        "softmax" => new LossSpec { Kind = LossKind.SoftmaxCrossEntropy },
        "softmax-smoothed" => new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, LabelSmoothing = 0.1f, ClassWeights = [0.5f, 1, 2, 0.7f, 1.5f] },
        _ => new LossSpec { Kind = LossKind.BinaryCrossEntropy },
    };
}
