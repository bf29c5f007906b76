using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Training has not bettered the linear forecast that it began at by more than chance, so that it is kept.</summary>
internal static class NoBetterThanLinearRule
{
    public static Finding? Examine(TrainingEvidence e)
    {
        if (e.KeepsLinear != true || e.Linear is not { } linear || e.TrainedLoss is not { } trained)
            return null;
        return new Finding
        {
            Code = FindingCode.NoBetterThanLinear,
            Severity = FindingSeverity.Information,
            Message = Invariant($"The linear forecast from the window that training began at is kept: its validation loss is {linear:G4}, and that of the trained ")
                + Invariant($"network, {trained:G4}, is not lower by more than chance."),
            Advice = "What remains is noise to this network: more data, more inputs or a longer window may hold more; or use the linear forecast, which costs next to nothing.",
            Evidence = new Dictionary<string, double>
            {
                ["validation loss"] = trained,
                ["loss of the linear forecast"] = linear,
            },
        };
    }
}
