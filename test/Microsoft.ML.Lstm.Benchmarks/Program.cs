using System.CommandLine;
using Microsoft.ML.Lstm.Benchmarks;

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
var root = new RootCommand("Times one workload and prints one line of JSON.") { workload, threads, seconds, kernels, memory, scaling };
root.SetAction(arguments =>
{
    Console.WriteLine(WorkloadRunner.Run(arguments.GetRequiredValue(workload), arguments.GetValue(threads), arguments.GetValue(seconds)).ToJson());
    return 0;
});
return root.Parse(args).Invoke();
