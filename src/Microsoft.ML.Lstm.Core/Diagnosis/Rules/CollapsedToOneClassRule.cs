using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The predictions are one class, though the labels are of several, and the loss is no excuse.</summary>
internal static class CollapsedToOneClassRule
{
    // A few examples on the other side of the border are chance.
    private const double TopShare = 0.995;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || e.Latest is not { Predictions: var predictions } || !(e.RelativeLoss >= CollapsedToMeanRule.NothingLearned))
            return null;
        if (predictions.TopClass < 0 || predictions.LabelClasses < 2 || predictions.TopShare < TopShare)
            return null;
        double share = e.Data.ClassCounts.ElementAtOrDefault(predictions.TopClass) / (double)Math.Max(1, e.Data.ClassCounts.Sum());
        return new Finding
        {
            Code = FindingCode.CollapsedToOneClass,
            Severity = FindingSeverity.Error,
            Message = Invariant($"After {Plural.Of(e.StepsDone, "step")} the network predicts class {predictions.TopClass} whatever the input; ")
                + Invariant($"{share:P0} of the labels are of that class."),
            Advice = UnbalancedClassesRule.Examine(e) is { } unbalanced ? unbalanced.Advice : NotLearningAdvice.For(e),
            Evidence = new Dictionary<string, double>
            {
                ["class"] = predictions.TopClass,
                ["share of predictions"] = predictions.TopShare,
                ["share of labels"] = share,
                ["loss"] = e.Latest.Loss,
                ["loss of the best constant"] = e.Latest.Baseline,
            },
        };
    }
}
