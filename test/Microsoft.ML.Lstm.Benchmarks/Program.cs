using System.CommandLine;
using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Benchmarks.InitialWeights;

var workload = new Argument<string>("workload") { Description = "One of " + string.Join(", ", Workloads.Names) + "; gru- or bi- in front gives that variant." };
var threads = new Option<int>("--threads") { Description = "Threads to compute with.", DefaultValueFactory = _ => 2 };
var seconds = new Option<double>("--seconds") { Description = "How long to measure.", DefaultValueFactory = _ => 6 };
var kernels = new Command("kernels", "Micro-benchmarks of the kernels, by BenchmarkDotNet, in this process.");
kernels.SetAction(_ => { KernelBenchmarks.Run(); return 0; });
var memory = new Command("memory", "Trains on a million sliding windows and prints the process' peak memory.");
memory.SetAction(_ => { Console.WriteLine(MemoryRun.ToJson()); return 0; });
var scaling = new Command("scaling", "The cost of training over a 16-fold range of steps, sequences and rows.") { threads };
scaling.SetAction(arguments =>
{
    foreach (string line in ScalingTable.Lines(arguments.GetValue(threads)))
        Console.WriteLine(line);
    return 0;
});
var task = new Argument<string>("task") { Description = "One of " + string.Join(", ", WeightsTasks.Names) + "." };
var data = new Option<string>("--data") { Description = "The folder of the data sets.", Required = true };
var variants = new Option<string[]>("--variants") { Description = "Only these rows of the table; all when left out.", AllowMultipleArgumentsPerToken = true };
var seeds = new Option<int>("--seeds") { Description = "With how many seeds to train each.", DefaultValueFactory = _ => 3 };
var epochs = new Option<int?>("--epochs") { Description = "Passes over the data; the task's own number when left out." };
var initialWeights = new Command("initial-weights", "The losses of a small training from different initial weights: docs/initial-weights.md.") { task, data, variants, seeds, epochs, threads };
initialWeights.SetAction(arguments =>
{
    IWeightsTask found = WeightsTasks.Find(arguments.GetRequiredValue(task), arguments.GetRequiredValue(data), arguments.GetValue(epochs));
    foreach (string line in WeightsTable.Lines(found, arguments.GetValue(variants) ?? [], arguments.GetValue(seeds), arguments.GetValue(threads)))
        Console.WriteLine(line);
    return 0;
});
var root = new RootCommand("Times one workload and prints one line of JSON.") { workload, threads, seconds, kernels, memory, scaling, initialWeights };
root.SetAction(arguments =>
{
    Console.WriteLine(WorkloadRunner.Run(arguments.GetRequiredValue(workload), arguments.GetValue(threads), arguments.GetValue(seconds)).ToJson());
    return 0;
});
return root.Parse(args).Invoke();
