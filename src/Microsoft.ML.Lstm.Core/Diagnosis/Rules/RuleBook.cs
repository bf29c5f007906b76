using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>All rules. Each is a pure function of the evidence, in a file of its own; its constants are the judgement.</summary>
internal static class RuleBook
{
    private static readonly Func<TrainingEvidence, Finding?>[] Rules =
    [
        DivergedRule.Examine,
        CollapsedToMeanRule.Examine,
        CollapsedToOneClassRule.Examine,
        AtBaselineRule.Examine,
        WorseThanNaiveRule.Examine,
        NoBetterThanLinearRule.Examine,
        ExplodingGradientsRule.Examine,
        VanishingGradientsRule.Examine,
        LearningRateTooHighRule.Examine,
        LearningRateTooLowRule.Examine,
        SaturatedGatesRule.Examine,
        DeadRectifiersRule.Examine,
        UnscaledInputsRule.Examine,
        UnscaledTargetsRule.Examine,
        ConstantInputsRule.Examine,
        LeakedLabelRule.Examine,
        OrderIrrelevantRule.Examine,
        OverfittingRule.Examine,
        TooLittleDataRule.Examine,
        UnbalancedClassesRule.Examine,
    ];

    /// <summary>What the rules find, the gravest first.</summary>
    public static NetworkDiagnosis Judge(TrainingEvidence evidence) => new()
    {
        Findings = [.. Rules.Select(rule => rule(evidence)).OfType<Finding>().OrderByDescending(f => f.Severity).ThenBy(f => f.Code)],
    };
}
