namespace Microsoft.ML.Data;

public sealed class CalibratedBinaryClassificationMetrics : BinaryClassificationMetrics
{
    internal CalibratedBinaryClassificationMetrics(BinaryCounts counts, double auc, double auprc)
        : base(counts, auc, auprc)
    {
        LogLoss = counts.LogLoss;
        LogLossReduction = counts.LogLossReduction;
        Entropy = counts.Entropy;
    }

    public double LogLoss { get; }

    public double LogLossReduction { get; }

    public double Entropy { get; }
}
