using System.CommandLine;
using Microsoft.ML.Lstm;
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
var data = new Option<string>("--data") { Description = "ETTh1.csv.", Required = true };
var horizon = new Option<int>("--horizon") { DefaultValueFactory = _ => 96 };
var units = new Option<int>("--units") { DefaultValueFactory = _ => 128 };
var epochs = new Option<int>("--epochs") { DefaultValueFactory = _ => 12 };
var rate = new Option<float>("--rate") { DefaultValueFactory = _ => 1e-3f };
var dropout = new Option<float>("--dropout") { DefaultValueFactory = _ => 0.1f };
var skip = new Option<bool>("--skip") { Description = "Adds the linear forecast from the window." };
var quantiles = new Option<string>("--quantiles") { Description = "none, free or ordered: quantiles 0.05, 0.1, 0.5, 0.9 and 0.95.", DefaultValueFactory = _ => "none" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
var forecast = new Command("forecast", "Trains the forecasting network on ETTh1 and prints its errors.") { data, horizon, units, epochs, rate, dropout, skip, quantiles, seed };
forecast.SetAction(arguments =>
{
    string kind = arguments.GetValue(quantiles)!;
    using var run = new ForecastRun(arguments.GetRequiredValue(data), new ForecastRunOptions
    {
        Horizon = arguments.GetValue(horizon),
        Units = arguments.GetValue(units),
        Epochs = arguments.GetValue(epochs),
        LearningRate = arguments.GetValue(rate),
        Dropout = arguments.GetValue(dropout),
        Skip = arguments.GetValue(skip),
        Loss = kind == "none" ? new LossSpec() : new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.05f, 0.1f, 0.5f, 0.9f, 0.95f] },
        OrderedQuantiles = kind == "ordered",
        Seed = arguments.GetValue(seed),
    });
    foreach (string line in run.Run())
        Console.WriteLine(line);
    return 0;
});
var root = new RootCommand("Times one workload and prints one line of JSON.") { workload, threads, seconds, kernels, memory, scaling, forecast };
root.SetAction(arguments =>
{
    Console.WriteLine(WorkloadRunner.Run(arguments.GetRequiredValue(workload), arguments.GetValue(threads), arguments.GetValue(seconds)).ToJson());
    return 0;
});
return root.Parse(args).Invoke();
