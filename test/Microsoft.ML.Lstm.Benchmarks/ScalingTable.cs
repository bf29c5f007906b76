using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>
/// What training costs over a 16-fold range of steps, sequences and rows, per unit of each: flat when cost is linear. The sizes take turns, so
/// that a machine whose speed drifts slows all of them alike.
/// </summary>
internal static class ScalingTable
{
    private const int StepRounds = 60, EpochRounds = 9;
    private static readonly int[] s_factors = [1, 2, 4, 8, 16];

    public static IEnumerable<string> Lines(int threads)
    {
        yield return "what           size   median ms   µs per unit   against the middle";
        foreach (string line in Rows("steps T", 25, StepRounds, steps => Step(steps, batch: 48, threads)))
            yield return line;
        foreach (string line in Rows("sequences B", 24, StepRounds, batch => Step(50, batch, threads)))
            yield return line;
        foreach (string line in Rows("rows", 1000, EpochRounds, rows => Epoch(rows, threads)))
            yield return line;
    }

    private static IEnumerable<string> Rows(string what, int smallest, int rounds, Func<int, (Action Call, IDisposable Owner)> prepare)
    {
        int[] sizes = [.. s_factors.Select(factor => factor * smallest)];
        (Action Call, IDisposable Owner)[] prepared = [.. sizes.Select(prepare)];
        double[] medians = Medians([.. prepared.Select(p => p.Call)], rounds);
        foreach ((_, IDisposable owner) in prepared)
            owner.Dispose();
        double middle = medians[sizes.Length / 2] / sizes[sizes.Length / 2];
        return sizes.Zip(medians, (size, median) => string.Create(CultureInfo.InvariantCulture,
            $"{what,-12} {size,6} {median,11:0.000} {median / size * 1e3,13:0.00} {median / size / middle,15:0.00}"));
    }

    private static (Action, IDisposable) Step(int steps, int batch, int threads)
    {
        var call = new WorkloadCall(Workloads.Find("sine-train", threads) with { Steps = steps, Batch = batch });
        return (call.Run, call);
    }

    /// <summary>One epoch of the training loop over sliding windows of one series.</summary>
    private static (Action, IDisposable) Epoch(int rows, int threads)
    {
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = 1 });
        float[] series = [.. Enumerable.Range(0, rows + 50).Select(t => MathF.Sin(t * 0.05f))];
        for (int row = 0; row < rows; row++)
            dataset.Add(new SequenceExample { Features = series.AsSpan(row, 50), Targets = series.AsSpan(row + 50, 1) });
        var engine = new ManagedEngine(new NetworkSpec { InputSize = 1, OutputSize = 1, HiddenSizes = [32] }, new EngineOptions { ClipNorm = null, Threads = threads });
        var loop = new TrainingLoop(engine, new TrainingOptions { Epochs = 1, BatchSize = 50, ValidationFraction = 0 });
        return (() => loop.Run(dataset), engine);
    }

    /// <summary>The median time of each call in milliseconds; the first of each round's two calls brings back what it needs into the caches.</summary>
    private static double[] Medians(Action[] calls, int rounds)
    {
        double[][] times = [.. calls.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < calls.Length; i++)
            {
                calls[i]();
                long start = Stopwatch.GetTimestamp();
                calls[i]();
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        return [.. times.Select(series => series.Median())];
    }
}
