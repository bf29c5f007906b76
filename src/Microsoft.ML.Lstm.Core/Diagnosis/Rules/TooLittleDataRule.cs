using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>
/// There are many more parameters than target values. Networks often do well so, hence it only counts when the validation loss shows that
/// the examples were learned by heart, or when nothing was held out to show it and the numbers are out of all proportion.
/// </summary>
internal static class TooLittleDataRule
{
    private const double Ratio = 10, RatioUnseen = 1000;

    // The fraction of the baseline by which validation is worse, and below which the training data is as good as known by heart.
    private const double Gap = 0.3, ByHeart = 0.5;

    public static Finding? Examine(TrainingEvidence e)
    {
        double ratio = e.ParameterCount / (double)Math.Max(1, e.Data.TargetCount);
        if (e.Stage != TrainingStage.End || e.Divergence is not null || e.Epochs.Count == 0 || ratio < Ratio)
            return null;
        (double loss, double? validation) = (e.Epochs[^1].Loss, e.Epochs[^1].ValidationLoss);
        if (validation is { } v ? !(v - loss > Gap * e.Data.Baseline && loss < ByHeart * e.Data.Baseline) : ratio < RatioUnseen)
            return null;
        return new Finding
        {
            Code = FindingCode.TooLittleData,
            Severity = validation is null ? FindingSeverity.Information : FindingSeverity.Warning,
            Message = Invariant($"The network has {e.ParameterCount} parameters to learn {e.Data.TargetCount} target values")
                + (validation is null
                    ? ", and no validation shows what it learned of them."
                    : Invariant($", and learned them by heart: training loss {loss:G4}, validation loss {validation:G4}.")),
            Advice = "Get more data, make HiddenSizes or EmbeddingSize smaller, or use dropout; hold out a ValidationFraction to "
                + "see the effect.",
            Evidence = new Dictionary<string, double>
            {
                ["parameters"] = e.ParameterCount,
                ["target values"] = e.Data.TargetCount,
                ["training loss"] = loss,
                ["validation loss"] = validation ?? double.NaN,
            },
        };
    }
}
