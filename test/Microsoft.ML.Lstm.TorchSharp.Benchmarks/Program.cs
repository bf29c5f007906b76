using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Torch.Benchmarks;
using Microsoft.ML.Lstm.Training;
using TorchSharp;

// Training steps of the Torch engine, of a plain TorchSharp loop of the same network, and of the managed engine, interleaved.
var names = new Argument<string[]>("workloads") { Arity = ArgumentArity.ZeroOrMore, Description = "Which; ptb-train, sine-train and gru-sine-train unless named.", DefaultValueFactory = _ => ["ptb-train", "sine-train", "gru-sine-train"] };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 7, Description = "Rounds, in each of which all take their turn." };
var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 2, Description = "Seconds of a turn." };
var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2, Description = "Threads of all." };
var gpu = new Option<int?>("--gpu") { Description = "The CUDA device; the CPU unless given. Build with -p:LibTorch=TorchSharp-cuda-linux or -windows." };
var tf32 = new Option<bool>("--tf32") { Description = "Whether the Torch engine may use TF32." };
var cpuTime = new Option<bool>("--cpu-time") { Description = "Count the process' processor time, which other processes disturb less, rather than the time that passes; with --threads 1." };
var command = new RootCommand("Compares training steps.") { names, rounds, seconds, threads, gpu, tf32, cpuTime };
command.SetAction(parsed =>
{
    foreach (string name in parsed.GetValue(names)!)
        Compare(name, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(threads), parsed.GetValue(gpu), parsed.GetValue(tf32), parsed.GetValue(cpuTime));
});
return command.Parse(args).Invoke();

static void Compare(string name, int rounds, double seconds, int threads, int? gpu, bool allowTf32, bool countsCpu)
{
    Workload workload = Workloads.Find(name, threads);
    SequenceBatch batch = workload.CreateBatch();
    var request = new EngineRequest(workload.Spec, workload.Options) { GpuDeviceId = gpu, FallbackToCpu = false };
    using ITrainingEngine ours = new TorchTrainingEngine { AllowTf32 = allowTf32 }.Create(request), managed = TrainingEngine.Managed.Create(request);
    using var plain = new PlainLoop(workload, batch, gpu is { } id ? torch.device(DeviceType.CUDA, id) : torch.CPU);
    (string Name, Action Run)[] sides = [("engine", Steps(ours, batch)), ("plain loop", () => plain.Step()), ("managed", Steps(managed, batch))];
    double[][] times = [.. sides.Select(_ => new double[rounds])];
    foreach (var side in sides)
        Measure(side.Run, seconds / 4, countsCpu);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < sides.Length; i++)
            times[i][round] = Measure(sides[i].Run, seconds, countsCpu);
    Console.WriteLine(Invariant($"{name,-16} {ours}: {Median(times[0]):F3} ms; plain loop {Median(times[1]):F3} ms, ratio {Ratio(times[1], times[0])}; managed {Median(times[2]):F3} ms, ratio {Ratio(times[2], times[0])}"));
}

// As the loop does: results are read when the engine has no room for more.
static Action Steps(ITrainingEngine engine, SequenceBatch batch)
{
    var results = new StepResult[engine.MostUnreadSteps];
    int unread = 0;
    return () =>
    {
        engine.TrainStep(batch, 1e-3f);
        if (++unread == results.Length)
            unread -= engine.ReadSteps(results);
    };
}

// Milliseconds of a step: the mean, since on a device it is the reading of results that waits for all the steps before it.
static double Measure(Action run, double seconds, bool countsCpu)
{
    long began = Stopwatch.GetTimestamp();
    TimeSpan cpu = Environment.CpuUsage.TotalTime;
    int steps = 0;
    do
    {
        run();
        steps++;
    }
    while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);
    return (countsCpu ? Environment.CpuUsage.TotalTime - cpu : Stopwatch.GetElapsedTime(began)).TotalMilliseconds / steps;
}

static double Median(double[] values)
{
    double[] sorted = [.. values.Order()];
    return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}

static string Ratio(double[] theirs, double[] ours)
{
    double[] ratios = [.. theirs.Zip(ours, (t, o) => t / o).Order()];
    return Invariant($"{Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
}
