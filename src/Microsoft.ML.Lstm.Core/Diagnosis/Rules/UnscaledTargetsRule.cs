using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Targets are far larger or smaller than 1: the network spends its training on finding their mean.</summary>
internal static class UnscaledTargetsRule
{
    public static Finding? Examine(TrainingEvidence e)
    {
        ColumnSummary column = e.Data.Targets.Where(target => target.StandardDeviation > 0).DefaultIfEmpty().MaxBy(target => target.Size);
        if (column.StandardDeviation == 0 || column.Size is >= UnscaledInputsRule.Small and <= UnscaledInputsRule.Large)
            return null;
        return new Finding
        {
            Code = FindingCode.UnscaledTargets,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The targets are of size {column.Size:G3} (root mean square); a network begins near 0 and is ")
                + "made for sizes around 1.",
            Advice = "Scale the targets to mean 0 and standard deviation 1, and the predictions back.",
            Evidence = new Dictionary<string, double> { ["size"] = column.Size, ["mean"] = column.Mean, ["standard deviation"] = column.StandardDeviation },
        };
    }
}
