using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>
/// The weights have hardly moved and nothing is learned, or the loss still falls in nearly a straight line and has not even halved.
/// </summary>
internal static class LearningRateTooLowRule
{
    // A trained network's weights differ from its first by a large fraction of themselves.
    private const double WeightChange = 0.02;

    // Of the whole fall, what the last quarter of the epochs brought: 0.25 in a straight line, next to nothing when converged.
    private const double LastQuarter = 0.18;
    private const double HalfLearned = 0.5, FallingEpochs = 0.9;
    private const int FewestEpochs = 8;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (!e.IsTrained || e.Epochs.Count == 0)
            return null;
        bool hardlyMoved = e.WeightChange < WeightChange && e.RelativeLoss >= CollapsedToMeanRule.NothingLearned;
        if (!hardlyMoved && !(e.Stage == TrainingStage.End && FallsStraight(e)))
            return null;
        float rate = e.Options.Schedule.LearningRate;
        return new Finding
        {
            Code = FindingCode.LearningRateTooLow,
            Severity = FindingSeverity.Warning,
            Message = hardlyMoved
                ? Invariant($"In {Plural.Of(e.StepsDone, "step")} the weights have moved by {e.WeightChange:P2} of their size, and the network ")
                    + "has learned nothing."
                : Invariant($"The training loss still falls in nearly a straight line: from {e.Epochs[0].Loss:G4} to ")
                    + Invariant($"{e.Epochs[^1].Loss:G4} in {Plural.Of(e.Epochs.Count, "epoch")}."),
            Advice = Invariant($"Raise LearningRate from {rate:G4} to {rate * 10:G2}, or train for more epochs.")
                + (e.Engine.Optimizer.Kind == OptimizerKind.Sgd ? " Adam at 0.001 is less particular." : ""),
            Evidence = new Dictionary<string, double>
            {
                ["change of the weights"] = e.WeightChange ?? double.NaN,
                ["first epoch's loss"] = e.Epochs[0].Loss,
                ["last epoch's loss"] = e.Epochs[^1].Loss,
                ["loss of the best constant"] = e.Data.Baseline,
                ["steps"] = e.StepsDone,
            },
        };
    }

    private static bool FallsStraight(TrainingEvidence e)
    {
        int count = e.Epochs.Count;
        if (count < FewestEpochs || !(e.RelativeLoss >= HalfLearned))
            return false;
        double first = e.Epochs[0].Loss, last = e.Epochs[^1].Loss, lastFall = e.Epochs[(3 * count / 4) - 1].Loss - last;
        int falls = Enumerable.Range(1, count - 1).Count(i => e.Epochs[i].Loss < e.Epochs[i - 1].Loss);
        return last > HalfLearned * first && falls >= FallingEpochs * (count - 1) && lastFall >= LastQuarter * (first - last);
    }
}
