using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The loss ends far above that of a constant, rises after it had fallen, or bounces from epoch to epoch.</summary>
internal static class LearningRateTooHighRule
{
    // Worse than knowing nothing, and worse than the first batch: the updates have done harm.
    private const double FarAboveBaseline = 1.5, WorseThanFirst = 1.2;

    // Noise between epochs stays well within these.
    private const double Rise = 1.5, RiseOfBaseline = 0.2;

    // Mean change between epochs as a fraction of the loss; how often up; and what loss makes it matter.
    private const double Bounce = 0.2, RisingEpochs = 0.4, BounceMatters = 0.1;
    private const int FewestEpochs = 8;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || e.Epochs.Count == 0 || !(e.Data.Baseline > 0))
            return null;
        double last = e.Epochs[^1].Loss, least = e.Epochs.Min(epoch => epoch.Loss), bounce = MeanChange(e);
        string? what = e.RelativeLoss > FarAboveBaseline && last > WorseThanFirst * e.Steps.FirstLoss
                ? Invariant($"ended at {last:G4}, where the first batch had {e.Steps.FirstLoss:G4} and a constant prediction would ")
                    + Invariant($"cost {e.Data.Baseline:G4}")
            : last > Rise * least && last - least > RiseOfBaseline * e.Data.Baseline
                ? Invariant($"had fallen to {least:G4} and rose again to {last:G4}")
            : bounce > Bounce
                ? Invariant($"changes by {bounce:P0} from epoch to epoch, up nearly as often as down")
            : null;
        if (what is null)
            return null;
        float rate = e.Epochs[^1].LearningRate, highest = e.Options.Schedule.LearningRate;
        return new Finding
        {
            Code = FindingCode.LearningRateTooHigh,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The training loss {what}."),
            Advice = Invariant($"Lower LearningRate from {highest:G4} to {highest / 10:G2}, or let Schedule lower it.")
                + (e.Engine.ClipNorm is null ? " Set ClipNorm to 1." : ""),
            Evidence = new Dictionary<string, double>
            {
                ["first batch's loss"] = e.Steps.FirstLoss,
                ["lowest loss of an epoch"] = least,
                ["last epoch's loss"] = last,
                ["loss of the best constant"] = e.Data.Baseline,
                ["last learning rate"] = rate,
            },
        };
    }

    /// <summary>
    /// Over the second half of the epochs, as a fraction of their mean loss; 0 if they mostly fall, or there is little left to lose.
    /// </summary>
    private static double MeanChange(TrainingEvidence e)
    {
        if (e.Epochs.Count < FewestEpochs)
            return 0;
        (double change, double sum, int rises, int count) = (0, 0, 0, 0);
        for (int i = e.Epochs.Count / 2; i < e.Epochs.Count; i++, count++)
        {
            double difference = e.Epochs[i].Loss - e.Epochs[i - 1].Loss;
            change += Math.Abs(difference);
            sum += e.Epochs[i].Loss;
            rises += difference > 0 ? 1 : 0;
        }
        return rises >= RisingEpochs * count && sum / count > BounceMatters * e.Data.Baseline ? change / sum : 0;
    }
}
