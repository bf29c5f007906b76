using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Nearly all labels are of one class, and neither class nor example weights make up for it.</summary>
internal static class UnbalancedClassesRule
{
    // Always predicting that class is then right nine times in ten.
    private const double TopShare = 0.9;

    public static Finding? Examine(TrainingEvidence e)
    {
        double all = e.Data.ClassCounts.Sum(), top = e.Data.ClassCounts.DefaultIfEmpty().Max();
        if (all == 0 || top < TopShare * all || e.Engine.Loss.ClassWeights is not null)
            return null;
        int topClass = e.Data.ClassCounts.ToList().IndexOf(top);
        double weight = e.Data.ClassWeights[topClass] / e.Data.ClassWeights.Sum();
        // Weights that take the class below that share are there for the purpose.
        if (top < all && weight < TopShare)
            return null;
        return new Finding
        {
            Code = FindingCode.UnbalancedClasses,
            Severity = FindingSeverity.Warning,
            Message = top == all
                ? Invariant($"All {Plural.Of((long)all, "label")} are of class {topClass}: there is nothing to tell apart.")
                : Invariant($"{top / all:P1} of the labels are of class {topClass}: always predicting it is right as often."),
            Advice = top == all
                ? "Check how the labels are read."
                : "Weigh the classes (ClassWeights, or an example weight), add examples of the rare ones, and judge by more than accuracy.",
            Evidence = new Dictionary<string, double>
            {
                ["class"] = topClass,
                ["its labels"] = top,
                ["labels"] = all,
                ["its share of the weight"] = weight,
            },
        };
    }
}
