using System.Diagnostics;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>Times one workload call by call for some seconds, after a warm-up that lets the just-in-time compiler finish.</summary>
internal static class WorkloadRunner
{
    public static WorkloadResult Run(string name, int threads, double seconds)
    {
        Workload workload = Workloads.Find(name, threads);
        using var call = new WorkloadCall(workload);
        // Tiered compilation replaces the first code after a few dozen calls and a tenth of a second.
        long warmUpEnd = After(Math.Min(2, seconds));
        for (int i = 0; i < 40 || Stopwatch.GetTimestamp() < warmUpEnd; i++)
        {
            call.Run();
            if (i >= 3 && Stopwatch.GetTimestamp() > warmUpEnd)
                break;
        }
        double peak = PeakMeasurement.GigaflopsPerSecond(threads);
        var times = new List<double>(1 << 20);
        long end = After(seconds);
        while (times.Count < 5 || (Stopwatch.GetTimestamp() < end && times.Count < times.Capacity))
        {
            long start = Stopwatch.GetTimestamp();
            call.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        return new WorkloadResult(name, threads, times[times.Count / 2], times[0], times[(int)(times.Count * 0.99)], workload, peak, AllocatedBytes(call));
    }

    /// <summary>
    /// Bytes that all threads together allocate during a call: the median, as the just-in-time compiler, which is still at work in a workload of
    /// few and long calls, allocates a few hundred bytes of its own now and then.
    /// </summary>
    private static long AllocatedBytes(WorkloadCall call)
    {
        long[] bytes = new long[9];
        for (int i = 0; i < bytes.Length; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            call.Run();
            bytes[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        Array.Sort(bytes);
        return bytes[bytes.Length / 2];
    }

    private static long After(double seconds) => Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
}
