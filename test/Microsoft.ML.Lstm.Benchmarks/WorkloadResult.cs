using System.Globalization;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>What was measured, with the keys of the peers' lines and three of our own.</summary>
internal sealed record WorkloadResult(
    string Name, int Threads, double MedianMs, double MinMs, double P99Ms, Workload Workload, double Peak, double FractionOfPeak, double AllocatedBytes)
{
    public string ToJson()
    {
        double gflops = Workload.FlopsPerCall / MedianMs / 1e6;
        return string.Create(CultureInfo.InvariantCulture,
            $"{{\"workload\": \"{Name}\", \"peer\": \"Microsoft.ML.Lstm\", \"threads\": {Threads}, \"median_ms\": {MedianMs:0.######}, \"min_ms\": {MinMs:0.######}, " +
            $"\"p99_ms\": {P99Ms:0.######}, \"per_s\": {Workload.Items / MedianMs * 1e3:0.0}, \"unit\": \"{Workload.Unit}\", \"gflops\": {gflops:0.00}, " +
            $"\"fraction_of_peak\": {FractionOfPeak:0.000}, \"peak_gflops\": {Peak:0.0}, \"allocated_bytes_per_step\": {AllocatedBytes:0.#}}}");
    }
}
