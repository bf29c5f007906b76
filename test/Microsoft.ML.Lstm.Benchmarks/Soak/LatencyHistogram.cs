using System.Diagnostics;

namespace Microsoft.ML.Lstm.Benchmarks.Soak;

/// <summary>Counts latencies in buckets a fiftieth of a doubling wide, so that a run of any length costs no memory.</summary>
internal sealed class LatencyHistogram
{
    private const int PerDoubling = 50, Doublings = 40;
    private readonly long[] _counts = new long[PerDoubling * Doublings];

    /// <summary>Counts what began at a timestamp and ends now.</summary>
    public void Add(long began)
    {
        double nanoseconds = Math.Max(1, Stopwatch.GetElapsedTime(began).TotalNanoseconds);
        _counts[Math.Min(_counts.Length - 1, (int)(Math.Log2(nanoseconds) * PerDoubling))]++;
    }

    /// <summary>All of several.</summary>
    public static LatencyHistogram Sum(IEnumerable<LatencyHistogram> parts)
    {
        var sum = new LatencyHistogram();
        foreach (LatencyHistogram part in parts)
            for (int i = 0; i < part._counts.Length; i++)
                sum._counts[i] += part._counts[i];
        return sum;
    }

    /// <summary>The latency, in milliseconds, that a fraction of all stay below.</summary>
    public double Quantile(double fraction)
    {
        long left = (long)(fraction * _counts.Sum());
        int bucket = 0;
        while (bucket < _counts.Length - 1 && left >= _counts[bucket])
            left -= _counts[bucket++];
        return Math.Pow(2, (bucket + 1.0) / PerDoubling) / 1e6;
    }
}
