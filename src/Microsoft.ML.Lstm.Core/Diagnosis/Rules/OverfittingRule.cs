using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The validation loss has turned and risen while the training loss went on falling.</summary>
internal static class OverfittingRule
{
    // Three epochs on end are no noise.
    private const int LastEpochs = 3;

    // The rise must show beside the best validation loss and beside what there was to learn.
    private const double Rise = 1.1, RiseOfBaseline = 0.05;
    private const double TrainingFall = 0.9;

    public static Finding? Examine(TrainingEvidence e)
    {
        EpochReport[] epochs = [.. e.Epochs.Where(epoch => epoch.ValidationLoss is not null)];
        if (!(e.Stage >= TrainingStage.Midway) || epochs.Length <= LastEpochs || !(e.Data.Baseline > 0))
            return null;
        EpochReport best = epochs.MinBy(epoch => epoch.ValidationLoss)!, last = epochs[^1];
        double now = epochs[^LastEpochs..].Min(epoch => epoch.ValidationLoss!.Value), then = best.ValidationLoss!.Value;
        if (!(now > Rise * then && now - then > RiseOfBaseline * e.Data.Baseline && last.Loss < TrainingFall * best.Loss))
            return null;
        bool restored = e.Options.RestoreBestWeights;
        return new Finding
        {
            Code = FindingCode.Overfitting,
            Severity = restored ? FindingSeverity.Information : FindingSeverity.Warning,
            Message = Invariant($"Since epoch {best.Epoch + 1} the validation loss has risen from {then:G4} to ")
                + Invariant($"{last.ValidationLoss:G4}, while the training loss fell from {best.Loss:G4} to {last.Loss:G4}.")
                + (restored && e.Stage == TrainingStage.End ? " The weights of that epoch are kept." : ""),
            Advice = (restored ? "" : "Set RestoreBestWeights and Patience. ")
                + "More data, dropout, weight decay (Optimizer), or fewer HiddenSizes would let the network learn more that holds.",
            Evidence = new Dictionary<string, double>
            {
                ["best epoch"] = best.Epoch + 1,
                ["best validation loss"] = then,
                ["last validation loss"] = last.ValidationLoss!.Value,
                ["training loss at the best epoch"] = best.Loss,
                ["last training loss"] = last.Loss,
            },
        };
    }
}
