using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Inputs that are the same everywhere tell the network nothing.</summary>
internal static class ConstantInputsRule
{
    public static Finding? Examine(TrainingEvidence e)
    {
        int[] constant = [.. Enumerable.Range(0, e.Data.Features.Count).Where(i => e.Data.Features[i].StandardDeviation == 0)];
        bool hasTokens = e.Network.VocabularySize > 0;
        bool nothingVaries = constant.Length == e.Data.Features.Count && (!hasTokens || e.Data.HasOneToken);
        if (constant.Length == 0 && !nothingVaries)
            return null;
        return new Finding
        {
            Code = FindingCode.ConstantInputs,
            Severity = nothingVaries ? FindingSeverity.Error : FindingSeverity.Information,
            Message = nothingVaries
                ? "All inputs are the same at every step of every example: there is nothing to learn from."
                : Invariant($"{constant.Length} of {e.Data.Features.Count} features are the same at every step of every example: ")
                    + Invariant($"{string.Join(", ", constant.Take(10))}{(constant.Length > 10 ? ", …" : "")}."),
            Advice = nothingVaries
                ? "Check which column the sequences come from, and how they are read."
                : "Leave them out, or check how they are read.",
            Evidence = new Dictionary<string, double> { ["constant features"] = constant.Length, ["features"] = e.Data.Features.Count },
        };
    }
}
