using System.Diagnostics;
using Microsoft.ML.Lstm.Benchmarks;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Runs the sides of a contest in turns, so that a machine whose speed drifts slows all alike.</summary>
internal sealed class Comparison
{
    private readonly Contest _contest;
    private readonly ComparisonOptions _options;
    private readonly List<Slice>[] _slices;

    public Comparison(Contest contest, ComparisonOptions options)
    {
        (_contest, _options, _slices) = (contest, options, [.. contest.Sides.Select(_ => new List<Slice>())]);
        foreach (ISide side in contest.Sides)
            WarmUp(side);
        for (int round = 0; round < options.Rounds; round++)
            for (int i = 0; i < _slices.Length; i++)
                _slices[i].Add(Measure(contest.Sides[i]));
    }

    /// <summary>A result for each side, ours first.</summary>
    public IReadOnlyList<SideResult> Results(string workload) =>
        [.. _contest.Sides.Select((side, i) => new SideResult(workload, side.Name, _options.Threads, _contest.Workload.FlopsPerCall, _slices[i], _slices[0]))];

    // Tiered compilation replaces the first code after a few dozen calls and a tenth of a second: of a table, a small share of its first pass.
    private void WarmUp(ISide side)
    {
        if (_contest.Workload.Kind == WorkloadKind.Table)
            return;
        long end = Stopwatch.GetTimestamp() + (long)(_options.Seconds * Stopwatch.Frequency);
        do
            side.Run();
        while (Stopwatch.GetTimestamp() < end);
    }

    private Slice Measure(ISide side)
    {
        // Untimed: the caches are the last side's.
        if (_contest.Workload.Kind != WorkloadKind.Table)
            side.Run();
        side.Complete();
        double before = Peak();
        // With room, so that the list itself allocates nothing.
        var times = new List<double>(1 << 16);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true), began = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            side.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < _options.Seconds);
        side.Complete();
        double whole = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        double bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)times.Count;
        // On a device it is the reading of results that waits for all the steps before it: only the mean counts.
        double milliseconds = _options.CountsProcessorTime ? (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / times.Count
            : _options.CountsMean ? whole / times.Count : times.Median();
        return new Slice(milliseconds, (before + Peak()) / 2, bytes);
    }

    private double Peak() =>
        _options.CountsProcessorTime ? PeakMeasurement.GigaflopsPerProcessorSecond() : PeakMeasurement.GigaflopsPerSecond(_options.Threads);
}
