using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The loss is what the best constant prediction costs: label variance, class entropy, and so on.</summary>
internal static class AtBaselineRule
{
    /// <summary>What fraction of the baseline is as good as all: closer than it is known on a few examples, and than dropout disturbs the loss.</summary>
    public const double RelativeLoss = 0.98;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || !e.StandsAlone || !(e.RelativeLoss >= RelativeLoss))
            return null;
        double loss = e.Epochs.Count > 0 ? e.Epochs[^1].Loss : e.Latest!.Loss;
        return new Finding
        {
            Code = FindingCode.AtBaseline,
            Severity = FindingSeverity.Error,
            Message = Invariant($"After {Plural.Of(e.StepsDone, "step")} the loss is {loss:G4}; predicting the same whatever the input would ")
                + Invariant($"cost {e.Data.Baseline:G4}."),
            Advice = NotLearningAdvice.For(e),
            Evidence = new Dictionary<string, double>
            {
                ["loss"] = loss,
                ["loss of the best constant"] = e.Data.Baseline,
                ["steps"] = e.StepsDone,
            },
        };
    }
}
