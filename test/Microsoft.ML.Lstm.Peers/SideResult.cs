using Microsoft.ML.Lstm.Benchmarks;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>What a side took, round by round, beside ours.</summary>
internal sealed record SideResult(string Workload, string Side, int Threads, double FlopsPerCall, IReadOnlyList<Slice> Slices, IReadOnlyList<Slice> Ours)
{
    public double MedianMs => Slices.Select(slice => slice.Milliseconds).ToArray().Median();

    /// <summary>Of the peak measured beside each slice.</summary>
    public double FractionOfPeak => Slices.Select(slice => FlopsPerCall / slice.Milliseconds / 1e6 / slice.Peak).ToArray().Median();

    /// <summary>The fewest of a round: what comes on top in others is the just-in-time compiler's.</summary>
    public double AllocatedBytes => Slices.Min(slice => slice.AllocatedBytes);

    /// <summary>This side's time by ours, in the same round, in ascending order: above 1 ours is faster.</summary>
    public IReadOnlyList<double> Ratios => [.. Slices.Zip(Ours, (slice, ours) => slice.Milliseconds / ours.Milliseconds).Order()];

    public string ToJson() => Invariant(
        $"{{\"workload\": \"{Workload}\", \"peer\": \"{Side}\", \"threads\": {Threads}, \"rounds\": {Slices.Count}, \"median_ms\": {MedianMs:0.######}, ") + Invariant(
        $"\"ratio\": {Ratios.Median():0.000}, \"ratio_min\": {Ratios[0]:0.000}, \"ratio_max\": {Ratios[^1]:0.000}, \"fraction_of_peak\": {FractionOfPeak:0.000}, ") + Invariant(
        $"\"peak_gflops\": {Slices.Select(slice => slice.Peak).ToArray().Median():0.0}, \"allocated_bytes\": {AllocatedBytes:0.#}}}");
}
