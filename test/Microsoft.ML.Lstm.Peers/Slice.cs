namespace Microsoft.ML.Lstm.Peers;

/// <summary>A side's turn in one round.</summary>
/// <param name="Milliseconds">Of a call: the median, or the mean of processor time.</param>
/// <param name="Peak">GFLOP/s of the machine just before and after, the mean.</param>
/// <param name="AllocatedBytes">Managed bytes of a call, all threads together.</param>
internal readonly record struct Slice(double Milliseconds, double Peak, double AllocatedBytes);
