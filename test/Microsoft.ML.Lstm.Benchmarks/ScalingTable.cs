using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>What a training step costs over a 16-fold range of steps, sequences and rows, per unit of each: flat when cost is linear.</summary>
internal static class ScalingTable
{
    private static readonly int[] s_factors = [1, 2, 4, 8, 16];

    public static IEnumerable<string> Lines(int threads)
    {
        yield return "what           size   median ms   µs per unit   against the middle";
        foreach (string line in Rows("steps T", s_factors.Select(f => 25 * f), t => (Step(t, batch: 48, threads), 1.0 / t)))
            yield return line;
        foreach (string line in Rows("sequences B", s_factors.Select(f => 24 * f), b => (Step(50, b, threads), 1.0 / b)))
            yield return line;
        foreach (string line in Rows("rows", s_factors.Select(f => 1000 * f), rows => (Epoch(rows, threads), 1.0 / rows)))
            yield return line;
    }

    private static IEnumerable<string> Rows(string what, IEnumerable<int> sizes, Func<int, (double Milliseconds, double Unit)> measure)
    {
        var results = sizes.Select(size => (Size: size, Result: measure(size))).ToList();
        double middle = results[results.Count / 2].Result.Milliseconds * results[results.Count / 2].Result.Unit;
        return results.Select(r => string.Create(CultureInfo.InvariantCulture,
            $"{what,-12} {r.Size,6} {r.Result.Milliseconds,11:0.000} {r.Result.Milliseconds * r.Result.Unit * 1e3,13:0.00} {r.Result.Milliseconds * r.Result.Unit / middle,15:0.00}"));
    }

    private static double Step(int steps, int batch, int threads)
    {
        Workload workload = Workloads.Find("sine-train", threads) with { Steps = steps, Batch = batch };
        using var call = new WorkloadCall(workload);
        return Median(call.Run, minimumCalls: 15);
    }

    /// <summary>One epoch of the training loop over sliding windows of one series.</summary>
    private static double Epoch(int rows, int threads)
    {
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = 1 });
        float[] series = [.. Enumerable.Range(0, rows + 50).Select(t => MathF.Sin(t * 0.05f))];
        for (int row = 0; row < rows; row++)
            dataset.Add(new SequenceExample { Features = series.AsSpan(row, 50), Targets = series.AsSpan(row + 50, 1) });
        using var engine = new ManagedEngine(new NetworkSpec { InputSize = 1, OutputSize = 1, HiddenSizes = [32] }, new EngineOptions { Threads = threads });
        var loop = new TrainingLoop(engine, new TrainingOptions { Epochs = 1, BatchSize = 50 });
        return Median(() => loop.Run(dataset), minimumCalls: 5);
    }

    private static double Median(Action call, int minimumCalls)
    {
        for (int i = 0; i < 3; i++)
            call();
        var times = new List<double>();
        long end = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        while (times.Count < minimumCalls || Stopwatch.GetTimestamp() < end)
        {
            long start = Stopwatch.GetTimestamp();
            call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
