using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Peers;

const int QuickRows = 300;

// The workloads of Microsoft.ML.Lstm.Benchmarks beside today's peers, from the same weights and in turns.
string[] all =
[
    "ptb-train", "sine-train", "sine4-train", "mnist-train", "mnist-lstm-train", "parity-train", "gru-sine-train", "gru-mnist-lstm-train", "gru-ptb-train",
    "bi-mnist-lstm-train", "packed-train", "lstm15-train", "forecaster-step", "long-forecaster-step", "score-batch", "lstm15-score", "sine-score-one", "pipeline-score-one", "table-score",
];
var names = new Argument<string[]>("workloads") { Arity = ArgumentArity.ZeroOrMore, Description = "Which; all of the table unless named. gru- or bi- in front gives that variant.", DefaultValueFactory = _ => all };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds, in each of which all sides take their turn." };
var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 1, Description = "Seconds of a turn, at least one call." };
var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2, Description = "Threads of all sides; one row is scored on one. Transform takes every core." };
var rows = new Option<int>("--rows") { DefaultValueFactory = _ => 100_000, Description = "Rows of table-score's table. A round of 100,000 rows takes two cores some four minutes, most of them the peers': --rounds 1, or fewer rows." };
var quick = new Option<bool>("--quick") { Description = "Only whether all sides compute the same; nothing is timed." };
var engine = new Option<bool>("--engine") { Description = "Our Torch engine takes part in training, beside the managed one." };
var gpu = new Option<int?>("--gpu") { Description = "Train on this CUDA device: our Torch engine beside a plain TorchSharp loop. Build with -p:LibTorch=TorchSharp-cuda-linux or -windows." };
var precision = new Option<TorchPrecision>("--precision") { Description = "How the Torch engine rounds the factors of products; what it computes is checked in float32 alone." };
var cpuTime = new Option<bool>("--cpu-time") { Description = "Count processor time, which other processes disturb less, rather than the time that passes; with --threads 1." };
var command = new RootCommand("Compares the library with TorchSharp and ONNX Runtime: a line of JSON for each side, a table at the end.") { names, rounds, seconds, threads, rows, quick, engine, gpu, precision, cpuTime };
command.SetAction(parsed =>
{
    bool isQuick = parsed.GetValue(quick);
    var contests = new ContestOptions { Threads = parsed.GetValue(threads), Gpu = parsed.GetValue(gpu), WithEngine = parsed.GetValue(engine), Precision = parsed.GetValue(precision) };
    var comparison = new ComparisonOptions
    {
        Rounds = parsed.GetValue(rounds),
        Seconds = parsed.GetValue(seconds),
        CountsProcessorTime = parsed.GetValue(cpuTime),
        CountsMean = contests.Gpu is not null || contests.WithEngine,
    };
    var results = new List<IReadOnlyList<SideResult>>();
    foreach (string name in parsed.GetValue(names)!)
    {
        (Workload workload, ContestOptions options) = Find(name, contests, isQuick ? QuickRows : parsed.GetValue(rows));
        // Outputs are those of a table's first rows.
        Workload checkedRows = workload.Kind == WorkloadKind.Table ? workload with { Batch = Math.Min(workload.Batch, QuickRows) } : workload;
        using (var contest = new Contest(checkedRows.WithoutDropout(), options with { Precision = TorchPrecision.Float32 }))
            Console.WriteLine(Invariant($"{name}: {contest.Sides.Count} sides compute the same within {Agreement.Check(contest, options.Gpu is not null):G2} of the largest value"));
        if (isQuick)
            continue;
        using var timed = new Contest(workload, options);
        results.Add(new Comparison(timed, comparison with { Threads = options.Threads }).Results(name));
        foreach (SideResult side in results[^1])
            Console.WriteLine(side.ToJson());
        if (workload.Kind == WorkloadKind.Table)
            Console.WriteLine(Invariant($"{name}: {workload.Batch} rows, of {workload.Batch * (long)workload.Steps * workload.Spec.InputSize * sizeof(float) / 1e6:F0} MB in all; the process never held more than {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:F0} MB"));
    }
    if (isQuick)
        return;
    Console.WriteLine();
    foreach (string line in ResultTable.Lines(results))
        Console.WriteLine(line);
});
return command.Parse(args).Invoke();

// One row is scored on one thread: a second would have nothing to do.
static (Workload Workload, ContestOptions Options) Find(string name, ContestOptions options, int rows)
{
    Workload workload = Workloads.Find(name, options.Threads);
    return workload.Kind switch
    {
        WorkloadKind.ScoreOne or WorkloadKind.PipelineScoreOne => (Workloads.Find(name, threads: 1), options with { Threads = 1 }),
        WorkloadKind.Table => (workload with { Batch = rows, Items = rows }, options),
        _ => (workload, options),
    };
}
