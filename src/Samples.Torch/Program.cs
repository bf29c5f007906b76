using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

// Trains the same network on both engines, from the same initial weights over the same batches, and prints time and difference.
var gpu = new Option<int?>("--gpu") { Description = "The CUDA device of the Torch engine; the CPU unless given. Build with -p:LibTorch=TorchSharp-cuda-linux or -windows." };
var units = new Option<int>("--units") { DefaultValueFactory = _ => 64, Description = "Units of each of the two layers." };
var epochs = new Option<int>("--epochs") { DefaultValueFactory = _ => 4, Description = "Passes over the data." };
var quick = new Option<bool>("--quick") { Description = "Little data and few units, to see that it runs." };
var command = new RootCommand("The managed engine and TorchSharp on the same network.") { gpu, units, epochs, quick };
command.SetAction(parsed =>
{
    bool isQuick = parsed.GetValue(quick);
    Compare(parsed.GetValue(gpu), isQuick ? 8 : parsed.GetValue(units), isQuick ? 2 : parsed.GetValue(epochs), isQuick ? 200 : 5000);
});
return command.Parse(args).Invoke();

static void Compare(int? gpu, int units, int epochs, int rows)
{
    // A GPU that is asked for and not there is an error here, so that no figure is the CPU's unseen.
    var ml = new MLContext(seed: 1) { GpuDeviceId = gpu, FallbackToCpu = false };
    IDataView data = ml.Data.LoadFromEnumerable(Waves(rows));
    TimeSpan[] times = new TimeSpan[2];
    float[][] scores = new float[2][];
    TrainingEngine[] engines = [TrainingEngine.Managed, TrainingEngine.Torch];
    for (int i = 0; i < engines.Length; i++)
    {
        var trainer = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            Engine = engines[i], HiddenSizes = [units, units], NumberOfEpochs = epochs, Patience = null, Seed = 1,
        });
        long began = Stopwatch.GetTimestamp();
        ITransformer model = trainer.Fit(data);
        times[i] = Stopwatch.GetElapsedTime(began);
        IDataView scored = model.Transform(data);
        scores[i] = [.. scored.GetColumn<float>("Score")];
        Console.WriteLine(Invariant($"{engines[i].Name,-8} {times[i].TotalSeconds,7:F2} s, R² {ml.Regression.Evaluate(scored).RSquared:F4}"));
    }
    float largest = scores[0].Zip(scores[1], (a, b) => MathF.Abs(a - b)).Max(), range = scores[0].Max() - scores[0].Min();
    Console.WriteLine(Invariant($"Torch takes {times[1] / times[0]:F2} times as long; the scores differ by at most {largest:E1}, {largest / range:P2} of their range."));
}

// Sixty noisy values of a wave whose frequency is the label.
static IEnumerable<Wave> Waves(int count)
{
    var random = new Random(1);
    for (int i = 0; i < count; i++)
    {
        float frequency = 0.05f + (0.4f * random.NextSingle()), phase = 6.28f * random.NextSingle();
        yield return new Wave { Features = [.. Enumerable.Range(0, 60).Select(t => MathF.Sin((frequency * t) + phase) + (0.1f * random.NextSingle()))], Label = frequency };
    }
}

internal sealed class Wave
{
    [VectorType(60)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}
