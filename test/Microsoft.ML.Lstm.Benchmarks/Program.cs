using System.CommandLine;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Benchmarks.InitialWeights;
using Microsoft.ML.Lstm.Benchmarks.Soak;

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
var file = new Option<string>("--data") { Description = "ETTh1.csv.", Required = true };
var horizon = new Option<int>("--horizon") { DefaultValueFactory = _ => 96 };
var units = new Option<int>("--units") { DefaultValueFactory = _ => 128 };
var forecastEpochs = new Option<int>("--epochs") { DefaultValueFactory = _ => 12 };
var rate = new Option<float>("--rate") { DefaultValueFactory = _ => 1e-3f };
var dropout = new Option<float>("--dropout") { DefaultValueFactory = _ => 0.1f };
var skip = new Option<bool>("--skip") { Description = "Adds the linear forecast from the window." };
var quantiles = new Option<string>("--quantiles") { Description = "none, free or ordered: quantiles 0.05, 0.1, 0.5, 0.9 and 0.95.", DefaultValueFactory = _ => "none" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
var forecast = new Command("forecast", "Trains the forecasting network on ETTh1 and prints its errors.") { file, horizon, units, forecastEpochs, rate, dropout, skip, quantiles, seed };
forecast.SetAction(arguments =>
{
    string kind = arguments.GetValue(quantiles)!;
    using var run = new ForecastRun(arguments.GetRequiredValue(file), new ForecastRunOptions
    {
        Horizon = arguments.GetValue(horizon),
        Units = arguments.GetValue(units),
        Epochs = arguments.GetValue(forecastEpochs),
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
var minutes = new Option<double>("--minutes") { Description = "How long.", DefaultValueFactory = _ => 10 };
var clients = new Option<int>("--threads") { Description = "Threads that predict.", DefaultValueFactory = _ => 8 };
var soak = new Command("soak", "Predicts in every way on many threads while the model is loaded anew: other bits, memory that grows, latencies.") { minutes, clients };
soak.SetAction(arguments =>
{
    string last = "";
    foreach (string line in new SoakRun(arguments.GetValue(minutes), arguments.GetValue(clients)).Run())
        Console.WriteLine(last = line);
    return last == "FAILED" ? 1 : 0;
});
var root = new RootCommand("Times one workload and prints one line of JSON.") { workload, threads, seconds, kernels, memory, scaling, initialWeights, forecast, soak };
root.SetAction(arguments =>
{
    Console.WriteLine(WorkloadRunner.Run(arguments.GetRequiredValue(workload), arguments.GetValue(threads), arguments.GetValue(seconds)).ToJson());
    return 0;
});
return root.Parse(args).Invoke();
