using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The loss or the gradient is no longer finite. The advice names what most likely caused it.</summary>
internal static class DivergedRule
{
    public static Finding? Examine(TrainingEvidence e)
    {
        if (e.Divergence is not { } divergence)
            return null;
        return new Finding
        {
            Code = FindingCode.Diverged,
            Severity = FindingSeverity.Error,
            Message = Invariant($"Training diverged in step {divergence.Step} at learning rate {divergence.LearningRate:G4}: the ")
                + "loss or its gradient was no longer finite. The last good weights are kept.",
            Advice = divergence.NotFinite > 0
                ? "Remove or replace the values in the data that are NaN or infinite."
                : UnscaledInputsRule.Examine(e) is not null || UnscaledTargetsRule.Examine(e) is not null
                    ? "Scale features and targets to mean 0 and standard deviation 1."
                    : e.Engine.ClipNorm is null
                        ? "Set ClipNorm to 1; if that does not help, lower LearningRate to a tenth."
                        : Invariant($"Lower LearningRate to {divergence.LearningRate / 10:G2}."),
            Evidence = new Dictionary<string, double>
            {
                ["step"] = divergence.Step,
                ["learning rate"] = divergence.LearningRate,
                ["first loss"] = e.Steps.FirstLoss,
                ["last finite loss"] = e.Steps.LastLoss,
                ["last finite gradient norm"] = e.Steps.LastNorm,
                ["values not finite in the data"] = divergence.NotFinite,
            },
        };
    }
}
