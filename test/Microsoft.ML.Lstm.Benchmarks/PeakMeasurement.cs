using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>The machine's fused multiply-add peak, measured in this process right beside what is compared with it.</summary>
internal static class PeakMeasurement
{
    private const int Iterations = 2_000_000;

    private static double Gigaflops => Iterations * 12.0 * 2 * Vector512<float>.Count / 1e9;

    /// <summary>GFLOP/s of <paramref name="threads"/> threads at once: the best of a few rounds, since a shared machine only ever takes away.</summary>
    public static double GigaflopsPerSecond(int threads)
    {
        double best = 0;
        for (int round = 0; round < 3; round++)
        {
            double[] rates = new double[threads];
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => rates[thread] = OneThread());
            best = Math.Max(best, rates.Sum());
        }
        return best;
    }

    /// <summary>GFLOP for each second of processor time on one thread: what other processes take away does not count.</summary>
    public static double GigaflopsPerProcessorSecond()
    {
        double best = 0;
        for (int round = 0; round < 3; round++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            OneThread();
            best = Math.Max(best, Gigaflops / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        return best;
    }

    private static double OneThread()
    {
        long start = Stopwatch.GetTimestamp();
        Vector512<float> last = Chains();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // Looked at, so that nothing is dropped.
        return last[0] > 0 ? Gigaflops / seconds : 0;
    }

    // Twelve independent chains hide the latency of four cycles on two ports.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Chains()
    {
        Vector512<float> a = Vector512.Create(1f), b = Vector512.Create(1e-9f);
        Vector512<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < Iterations; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, b);
            c1 = Vector512.FusedMultiplyAdd(c1, a, b);
            c2 = Vector512.FusedMultiplyAdd(c2, a, b);
            c3 = Vector512.FusedMultiplyAdd(c3, a, b);
            c4 = Vector512.FusedMultiplyAdd(c4, a, b);
            c5 = Vector512.FusedMultiplyAdd(c5, a, b);
            c6 = Vector512.FusedMultiplyAdd(c6, a, b);
            c7 = Vector512.FusedMultiplyAdd(c7, a, b);
            c8 = Vector512.FusedMultiplyAdd(c8, a, b);
            c9 = Vector512.FusedMultiplyAdd(c9, a, b);
            c10 = Vector512.FusedMultiplyAdd(c10, a, b);
            c11 = Vector512.FusedMultiplyAdd(c11, a, b);
        }
        return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }
}
