using System.Diagnostics;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>
/// Times one workload call by call for some seconds, after a warm-up that lets the just-in-time compiler finish. The peak is measured before and
/// after every slice of the time, and each slice is compared with its own.
/// </summary>
internal static class WorkloadRunner
{
    private const double SliceSeconds = 0.25;

    public static WorkloadResult Run(string name, int threads, double seconds)
    {
        Workload workload = Workloads.Find(name, threads);
        using var call = new WorkloadCall(workload);
        // Tiered compilation replaces the first code after a few dozen calls and a tenth of a second.
        long warmUpEnd = After(Math.Min(2, seconds));
        for (int i = 0; i < 40 || Stopwatch.GetTimestamp() < warmUpEnd; i++)
        {
            call.Run();
            if (i >= (workload.Kind == WorkloadKind.Table ? 0 : 3) && Stopwatch.GetTimestamp() > warmUpEnd)
                break;
        }
        var times = new List<double>(1 << 20);
        var (peaks, fractions) = (new List<double> { PeakMeasurement.GigaflopsPerSecond(threads) }, new List<double>());
        long end = After(seconds);
        while (times.Count < (workload.Kind == WorkloadKind.Table ? 1 : 5) || (Stopwatch.GetTimestamp() < end && times.Count < times.Capacity))
        {
            double sliceMs = MedianOfSlice(call, times);
            peaks.Add(PeakMeasurement.GigaflopsPerSecond(threads));
            fractions.Add(workload.FlopsPerCall / sliceMs / 1e6 / ((peaks[^2] + peaks[^1]) / 2));
        }
        times.Sort();
        return new WorkloadResult(name, threads, times[times.Count / 2], times[0], times[(int)(times.Count * 0.99)], workload, peaks.Median(), fractions.Median(), AllocatedBytes(call, workload.Kind == WorkloadKind.Table ? 1 : 9));
    }

    /// <summary>Times calls for a slice of a second, at least one; a shared machine may have another speed, and so another peak, in the next.</summary>
    private static double MedianOfSlice(WorkloadCall call, List<double> times)
    {
        int first = times.Count;
        long end = After(SliceSeconds);
        do
        {
            long start = Stopwatch.GetTimestamp();
            call.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (Stopwatch.GetTimestamp() < end && times.Count < times.Capacity);
        return times[first..].Median();
    }

    /// <summary>
    /// Bytes that all threads together allocate during a call: the median, as the just-in-time compiler, which is still at work in a workload of
    /// few and long calls, allocates a few hundred bytes of its own now and then.
    /// </summary>
    private static long AllocatedBytes(WorkloadCall call, int calls)
    {
        long[] bytes = new long[calls];
        for (int i = 0; i < bytes.Length; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            call.Run();
            bytes[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        return bytes.Median();
    }

    private static long After(double seconds) => Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
}
