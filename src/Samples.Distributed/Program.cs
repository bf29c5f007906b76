using System.CommandLine;
using Microsoft.ML.Lstm;
using Samples.Distributed;

var model = new Option<string>("--model") { Description = "The model's file.", DefaultValueFactory = _ => "model.zip" };
var quick = new Option<bool>("--quick") { Description = "Only as much as it takes to see that everything works." };
var resume = new Option<bool>("--resume") { Description = "Resume from the checkpoint beside the model, where there is one." };
var data = new Option<DistributedData>("--data") { Description = "Which series each process reads and holds: all, a share of them, or those of its own; the model is the same." };
var output = new Option<string>("--output") { Description = "Folder for the forecasts.", DefaultValueFactory = _ => "forecasts" };
var shard = new Option<string>("--shard") { Description = "Which share of the series, i/n; otherwise this process' rank, or its index in a Slurm array or a Kubernetes Job." };
var hidden = new Option<int>("--hidden") { Description = "Units of each of two LSTM layers.", DefaultValueFactory = _ => 256 };
var steps = new Option<int>("--steps") { Description = "Updates to time.", DefaultValueFactory = _ => 40 };

var train = new Command("train", "Train one forecaster on many series, in as many processes as mpirun starts.") { model, quick, resume, data };
train.SetAction((parsed, cancellation) => Task.FromResult(Training.Run(parsed.GetValue(model)!, parsed.GetValue(quick), parsed.GetValue(resume), parsed.GetValue(data), cancellation)));
var score = new Command("score", "Forecast a share of the series; the files of all shares, one after the other, are those of one process.") { model, quick, output, shard };
score.SetAction(parsed =>
{
    WorkShard share = parsed.GetValue(shard) is { } given ? WorkShard.Parse(given) : WorkShard.FromEnvironment();
    return Scoring.Run(parsed.GetValue(model)!, parsed.GetValue(output)!, share, parsed.GetValue(quick));
});
var time = new Command("time", "Time a training step and count the bytes that it sends.") { hidden, steps };
time.SetAction(parsed => StepTiming.Run(parsed.GetValue(hidden), parsed.GetValue(steps)));
try
{
    return new RootCommand("Training in several processes, and scoring in shares.") { train, score, time }.Parse(args)
        .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is DistributedTrainingException or FormatException or FileNotFoundException or InvalidDataException)
{
    // All processes come to the same end; one says so.
    if (WorkShard.FromEnvironment().Index == 0)
        Console.Error.WriteLine(e.Message);
    return 1;
}
