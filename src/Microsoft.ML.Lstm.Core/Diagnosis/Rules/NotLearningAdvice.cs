using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>What to try with a network that has learned nothing: the likeliest cause that the evidence shows, first.</summary>
internal static class NotLearningAdvice
{
    private const float UsualLearningRate = 0.001f;

    public static string For(TrainingEvidence e)
    {
        if (UnscaledInputsRule.Examine(e) is { } inputs)
            return inputs.Advice;
        if (UnscaledTargetsRule.Examine(e) is { } targets)
            return targets.Advice;
        if (LearningRateTooHighRule.Examine(e) is { } high)
            return high.Advice;
        if (LearningRateTooLowRule.Examine(e) is { } low)
            return low.Advice;
        if (SaturatedGatesRule.Examine(e) is { } gates)
            return gates.Advice;
        if (VanishingGradientsRule.Examine(e) is { } vanishing)
            return vanishing.Advice;
        string optimizer = e.Engine.Optimizer.Kind is OptimizerKind.Adam or OptimizerKind.AdamW
            ? Invariant($"Try LearningRate at ten times and at a tenth of {e.Options.Schedule.LearningRate:G4}, and more epochs.")
            : Invariant($"Train with Adam at LearningRate {UsualLearningRate} and ClipNorm 1 rather than ")
                + Invariant($"{e.Engine.Optimizer.Kind} at {e.Options.Schedule.LearningRate:G4}.");
        return optimizer + " Check that each label belongs to its sequence, and that time runs along the steps and not along the batch.";
    }
}
