using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>Trains the same network on both engines, from the same initial weights over the same batches, and prints time and difference.</summary>
internal static class EngineComparison
{
    /// <summary>Runs it.</summary>
    /// <param name="gpu">The CUDA device of the Torch engine; null: the CPU.</param>
    /// <param name="units">Units of each of the two layers.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="isQuick">Whether to train only as long as it takes to see that it runs.</param>
    public static void Run(int? gpu, int units, int epochs, bool isQuick)
    {
        // A GPU that is asked for and not there is an error here, so that no figure is the CPU's unseen.
        var ml = new MLContext(seed: 1) { GpuDeviceId = gpu, FallbackToCpu = false };
        IDataView data = ml.Data.LoadFromEnumerable(Waves(isQuick ? 200 : 5000));
        TimeSpan[] times = new TimeSpan[2];
        float[][] scores = new float[2][];
        TrainingEngine[] engines = [TrainingEngine.Managed, TrainingEngine.Torch];
        for (int i = 0; i < engines.Length; i++)
        {
            var trainer = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                Engine = engines[i],
                HiddenSizes = isQuick ? [8, 8] : [units, units],
                NumberOfEpochs = isQuick ? 2 : epochs,
                Patience = null,
                Seed = 1,
            });
            long began = Stopwatch.GetTimestamp();
            ITransformer model = trainer.Fit(data);
            times[i] = Stopwatch.GetElapsedTime(began);
            IDataView scored = model.Transform(data);
            scores[i] = [.. scored.GetColumn<float>("Score")];
            Console.WriteLine(Invariant($"{engines[i].Name,-8} {times[i].TotalSeconds,7:F2} s, R² {ml.Regression.Evaluate(scored).RSquared:F4}"));
        }
        float largest = scores[0].Zip(scores[1], (a, b) => MathF.Abs(a - b)).Max(), range = scores[0].Max() - scores[0].Min();
        Console.WriteLine(Invariant($"Torch takes {times[1] / times[0]:F2} times as long; ")
            + Invariant($"the scores differ by at most {largest:E1}, {largest / range:P2} of their range."));
    }

    // Sixty noisy values of a wave whose frequency is the label.
    private static IEnumerable<Wave> Waves(int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            float frequency = 0.05f + (0.4f * random.NextSingle()), phase = 6.28f * random.NextSingle();
            yield return new Wave
            {
                Features = [.. Enumerable.Range(0, 60).Select(t => MathF.Sin((frequency * t) + phase) + (0.1f * random.NextSingle()))],
                Label = frequency,
            };
        }
    }

    private sealed class Wave
    {
        [VectorType(60)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
