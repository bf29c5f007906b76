using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The predictions are nearly one value.</summary>
internal static class CollapsedToMeanRule
{
    // Predictions that are right on average and vary by less than this explain less than a hundredth of the labels' variance.
    private const double VarianceShare = 0.01;

    // Where the loss is that of a constant, the little that the predictions vary by is no knowledge.
    private const double IdleVarianceShare = 0.05;

    /// <summary>A network whose loss is lower than this fraction of the baseline has learned something, however little it shows.</summary>
    public const double NothingLearned = 0.9;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || !e.StandsAlone || e.Latest is not { Predictions: var predictions } || !(e.RelativeLoss >= NothingLearned))
            return null;
        double share = e.RelativeLoss >= AtBaselineRule.RelativeLoss ? IdleVarianceShare : VarianceShare;
        if (!(predictions.LabelVariance > 0 && predictions.Variance < share * predictions.LabelVariance))
            return null;
        return new Finding
        {
            Code = FindingCode.CollapsedToMean,
            Severity = FindingSeverity.Error,
            Message = Invariant($"The predictions are nearly the same whatever the input: after {Plural.Of(e.StepsDone, "step")} their ")
                + Invariant($"variance is {predictions.Variance / predictions.LabelVariance:P2} of the labels'."),
            Advice = NotLearningAdvice.For(e),
            Evidence = new Dictionary<string, double>
            {
                ["variance of predictions"] = predictions.Variance,
                ["variance of labels"] = predictions.LabelVariance,
                ["loss"] = e.Latest.Loss,
                ["loss of the best constant"] = e.Latest.Baseline,
            },
        };
    }
}
