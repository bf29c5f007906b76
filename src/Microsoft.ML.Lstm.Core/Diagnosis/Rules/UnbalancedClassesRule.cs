using Microsoft.ML.Lstm.Diagnosis.Evidence;
using static System.FormattableString;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Nearly all labels are of one class, and the loss does not weigh them.</summary>
internal static class UnbalancedClassesRule
{
    // Always answering that class is then right nine times in ten.
    private const double TopShare = 0.9;

    public static Finding? Examine(TrainingEvidence e)
    {
        long all = e.Data.ClassCounts.Sum(), top = e.Data.ClassCounts.DefaultIfEmpty().Max();
        if (all == 0 || e.Engine.Loss.ClassWeights is not null || top < TopShare * all)
            return null;
        int topClass = e.Data.ClassCounts.ToList().IndexOf(top);
        return new Finding
        {
            Code = FindingCode.UnbalancedClasses,
            Severity = FindingSeverity.Warning,
            Message = top == all
                ? Invariant($"All {Plural.Of(all, "label")} are of class {topClass}: there is nothing to tell apart.")
                : Invariant($"{(double)top / all:P1} of the labels are of class {topClass}: always answering it is right as often."),
            Advice = top == all
                ? "Check how the labels are read."
                : "Weigh the classes (ClassWeights, or an example weight), add examples of the rare ones, and judge by more than accuracy.",
            Evidence = new Dictionary<string, double> { ["class"] = topClass, ["its labels"] = top, ["labels"] = all },
        };
    }
}
