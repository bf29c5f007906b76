namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>What the updates showed.</summary>
/// <param name="Count">Updates seen.</param>
/// <param name="FirstLoss">Loss of the first batch.</param>
/// <param name="LastLoss">Loss of the last batch.</param>
/// <param name="LastNorm">Its gradient's norm before clipping.</param>
/// <param name="LargestNorm">The largest such norm.</param>
/// <param name="SpikeCount">Updates whose norm was far above the usual one before them.</param>
/// <param name="LargestSpike">By what factor it was at most.</param>
internal readonly record struct StepEvidence(
    long Count, double FirstLoss, double LastLoss, double LastNorm, double LargestNorm, long SpikeCount, double LargestSpike);
