using System.CommandLine;
using Microsoft.ML.Lstm;
using Samples;

var gpu = new Option<int?>("--gpu")
{
    Description = "The CUDA device of the Torch engine; the CPU unless given. Build with -p:LibTorch=TorchSharp-cuda-linux or -windows.",
};
var units = new Option<int>("--units") { DefaultValueFactory = _ => 64, Description = "Units of each of the two layers." };
var epochs = new Option<int>("--epochs") { DefaultValueFactory = _ => 4, Description = "Passes over the data." };
var quick = new Option<bool>("--quick") { Description = "Little data and few units, to see that it runs." };
var compare = new Command("compare", "The managed engine and TorchSharp on the same network.") { gpu, units, epochs, quick };
compare.SetAction(parsed => EngineComparison.Run(parsed.GetValue(gpu), parsed.GetValue(units), parsed.GetValue(epochs), parsed.GetValue(quick)));

var precision = new Option<TorchPrecision>("--precision") { Description = "How the factors of matrix products are rounded." };
var options = new SampleOptions();
var pennTreebank = new PennTreebank();
var train = new Command(pennTreebank.Name, pennTreebank.Description) { gpu, precision };
options.AddTo(train);
train.SetAction(parsed => options.Run(pennTreebank, parsed, context => context with
{
    Engine = new TorchTrainingEngine { Precision = parsed.GetValue(precision) },
    GpuDeviceId = parsed.GetValue(gpu),
}));

return new RootCommand("The library's networks trained by TorchSharp, on the CPU or on a GPU.") { compare, train }.Parse(args).Invoke();
