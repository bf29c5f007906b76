namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>One column of numbers.</summary>
/// <param name="Mean">Mean of the finite ones.</param>
/// <param name="Deviation">Their standard deviation; exactly 0 when all are the same.</param>
internal readonly record struct ColumnSummary(double Mean, double Deviation)
{
    /// <summary>Root of the mean square: the size that the network sees.</summary>
    public double Size => Math.Sqrt((Mean * Mean) + (Deviation * Deviation));
}
