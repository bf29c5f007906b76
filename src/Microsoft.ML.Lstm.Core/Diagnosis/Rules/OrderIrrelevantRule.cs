using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The network has learned, and does as well on the same steps in random order.</summary>
internal static class OrderIrrelevantRule
{
    // What was learned must be worth comparing, and two steps have hardly an order.
    private const double Learned = 0.7;
    private const int FewestSteps = 3;

    // What shuffling may cost: noise beside the loss itself. Windows that hardly vary inside lose little beside the baseline, yet many
    // times the loss.
    private const double Cost = 1.25, CostOfBaseline = 5e-4;

    /// <summary>Whether it is worth measuring the loss on shuffled steps.</summary>
    public static bool Applies(ProbeEvidence probe) => probe.RelativeLoss <= Learned && probe.StepCount >= FewestSteps;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || e.Latest is not { } probe || e.ShuffledLoss is not { } shuffled)
            return null;
        if (!(shuffled <= (Cost * probe.Loss) + (CostOfBaseline * probe.Baseline)))
            return null;
        return new Finding
        {
            Code = FindingCode.OrderIrrelevant,
            Severity = FindingSeverity.Information,
            Message = "The order of the steps does not matter to the label: with the steps shuffled the loss is "
                + Invariant($"{shuffled:G4}, and {probe.Loss:G4} as they are."),
            Advice = "If order should matter, check that the steps were not shuffled on the way; if not, a model on sums or "
                + "counts may do as well for less.",
            Evidence = new Dictionary<string, double>
            {
                ["loss"] = probe.Loss,
                ["loss with steps shuffled"] = shuffled,
                ["loss of the best constant"] = probe.Baseline,
            },
        };
    }
}
