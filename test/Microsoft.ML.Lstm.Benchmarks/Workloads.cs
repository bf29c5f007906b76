using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>The workloads by name. <c>gru-</c>, <c>bi-</c> and <c>bf16-</c> in front of one give the same shape with that cell, in both directions, or a single sequence scored by weights of that precision.</summary>
internal static class Workloads
{
    private const int TableRows = 100_000;
    private static readonly EngineOptions s_plain = new() { ClipNorm = null };
    private static readonly OptimizerSpec s_adam = new();
    private static readonly LossSpec s_squared = new(), s_softmax = new() { Kind = LossKind.SoftmaxCrossEntropy };

    public static IReadOnlyList<string> Names { get; } =
    [
        "ptb-train", "ptb-large-train", "sine-train", "sine4-train", "mnist-train", "mnist-lstm-train", "parity-train", "packed-train", "lstm15-train", "forecaster-step", "long-forecaster-step",
        "sine-score-one", "lstm512-score-one", "score-batch", "lstm15-score", "sine-step-one", "pipeline-score-one", "table-score",
    ];

    /// <exception cref="ArgumentException">There is no such workload.</exception>
    public static Workload Find(string name, int threads)
    {
        string rest = name;
        bool gru = Strip(ref rest, "gru-"), bidirectional = Strip(ref rest, "bi-"), rounded = Strip(ref rest, "bf16-");
        if (!Names.Contains(rest))
            throw new ArgumentException($"The workload is '{name}'; expected one of {string.Join(", ", Names)}, with gru-, bi- or bf16- in front on demand.");
        Workload found = Plain(rest);
        NetworkSpec spec = found.Spec with { Bidirectional = bidirectional, Cell = gru ? CellKind.Gru : found.Spec.Cell };
        return found with { Spec = spec, Precision = rounded ? WeightPrecision.BFloat16 : WeightPrecision.Single, Options = found.Options with { Threads = threads, Stateful = found.Options.Stateful && !bidirectional } };
    }

    private static Workload Plain(string name) => name switch
    {
        // The medium language model of Zaremba et al. (2014), and a wide one for GPUs.
        "ptb-train" => LanguageModel(units: 650, batch: 20, dropout: 0.5f),
        "ptb-large-train" => LanguageModel(units: 1500, batch: 64, dropout: 0.65f),
        "sine-train" => Train(Network(CellKind.Lstm, 1, [100], 50), s_plain with { Loss = s_squared, Optimizer = s_adam }, 50, 100, 50, "windows/s"),
        "sine4-train" => Train(Network(CellKind.Lstm, 1, [32, 32, 32, 32], 100), s_plain with { Loss = s_squared, Optimizer = s_adam }, 50, 25, 50, "windows/s"),
        "mnist-train" => Train(Network(CellKind.RnnTanh, 28, [150], 10), s_plain with { Loss = s_softmax, Optimizer = s_adam }, 150, 28, 150, "images/s"),
        "mnist-lstm-train" => Train(Network(CellKind.Lstm, 28, [150], 10), s_plain with { Loss = s_softmax, Optimizer = s_adam }, 150, 28, 150, "images/s"),
        "parity-train" => Train(Network(CellKind.Lstm, 1, [40, 40], 2),
            s_plain with { Loss = s_softmax, Optimizer = new OptimizerSpec { Kind = OptimizerKind.AdaGrad } }, 100, 7, 100, "sequences/s"),
        "packed-train" => Train(Network(CellKind.Lstm, 1, [100], 50), s_plain with { Loss = s_squared, Optimizer = s_adam }, 50, 100, 50, "sequences/s") with { ShortestSequence = 20 },
        // A published benchmark of PyTorch's: windows of 24 steps of 15 values.
        "lstm15-train" => Train(Network(CellKind.Lstm, 15, [128], 1), s_plain with { Loss = s_squared, Optimizer = s_adam }, 256, 24, 256, "windows/s"),
        "lstm15-score" => new Workload(Network(CellKind.Lstm, 15, [128], 1), s_plain, 256, 24, WorkloadKind.ScoreBatch, 256, "windows/s"),
        "lstm512-score-one" => new Workload(Network(CellKind.Lstm, 16, [512], 1), s_plain, 1, 100, WorkloadKind.ScoreOne, 1, "rows/s"),
        "score-batch" => new Workload(Network(CellKind.Lstm, 16, [128, 128], 1), s_plain, 256, 64, WorkloadKind.ScoreBatch, 256, "rows/s"),
        "table-score" => new Workload(Network(CellKind.Lstm, 16, [128, 128], 1), s_plain, TableRows, 64, WorkloadKind.Table, TableRows, "rows/s"),
        // SegRNN on ETTh1 (Lin et al. 2023), horizon 96: 64 windows of seven channels.
        "forecaster-step" => Train(Forecaster(units: 512, segments: 30, horizon: 96, series: 7),
            s_plain with { Optimizer = s_adam, Regularization = new RegularizationSpec { OutputDropout = 0.1f } }, 64 * 7, 30, 64 * 7, "windows/s"),
        // A horizon as long as the window, where the decoder makes as many steps as the encoder.
        "long-forecaster-step" => Train(Forecaster(units: 128, segments: 30, horizon: 720, series: 7), s_plain with { Optimizer = s_adam }, 256, 30, 256, "windows/s"),
        "sine-step-one" => SineOne(WorkloadKind.StepOne, "steps/s"),
        "pipeline-score-one" => SineOne(WorkloadKind.PipelineScoreOne, "rows/s"),
        _ => SineOne(WorkloadKind.ScoreOne, "rows/s"),
    };

    private static Workload LanguageModel(int units, int batch, float dropout) => Train(
        new NetworkSpec { VocabularySize = 10000, EmbeddingSize = units, HiddenSizes = [units, units], OutputSize = 10000, Output = OutputPosition.EveryStep },
        s_plain with
        {
            Loss = s_softmax,
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd },
            ClipNorm = 5,
            Stateful = true,
            Regularization = new RegularizationSpec { InputDropout = dropout, LayerDropout = dropout, OutputDropout = dropout },
        },
        batch, 35, batch * 35, "words/s");

    private static Workload Train(NetworkSpec spec, EngineOptions options, int batch, int steps, int items, string unit) =>
        new(spec, options, batch, steps, WorkloadKind.Train, items, unit);

    private static Workload SineOne(WorkloadKind kind, string unit) =>
        new(Network(CellKind.Lstm, 1, [100], 50), s_plain, 1, 100, kind, 1, unit);

    private static NetworkSpec Forecaster(int units, int segments, int horizon, int series) => new()
    {
        Cell = CellKind.Gru,
        InputSize = 24,
        HiddenSizes = [units],
        OutputSize = horizon,
        Forecast = new ForecastSpec
        {
            Horizon = horizon, SegmentLength = 24, DecoderSize = units, SeriesCount = series, SeriesSize = units / 2, SkipLength = 24 * segments,
        },
    };

    private static NetworkSpec Network(CellKind cell, int inputs, int[] hidden, int outputs) =>
        new() { Cell = cell, InputSize = inputs, HiddenSizes = hidden, OutputSize = outputs };

    private static bool Strip(ref string name, string prefix)
    {
        bool has = name.StartsWith(prefix, StringComparison.Ordinal);
        name = has ? name[prefix.Length..] : name;
        return has;
    }
}
