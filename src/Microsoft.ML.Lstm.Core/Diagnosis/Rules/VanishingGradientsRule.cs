using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>
/// The gradient does not reach the early steps. Recent steps are enough for many tasks, so it only counts when nothing was learned.
/// </summary>
internal static class VanishingGradientsRule
{
    // The early steps' share of the weights' gradients is then below the noise between batches.
    private const double Decay = 1e-4;

    // The fraction at which a step still counts.
    private const double Reach = 1e-3;

    // Over fewer steps a loss of gradient is no matter of time.
    private const int FewestSteps = 10;

    public static Finding? Examine(TrainingEvidence e)
    {
        LayerObservation? layer = e.Latest?.Layers.MaxBy(l => l.Decay);
        if (!e.IsTrained || !(e.RelativeLoss >= CollapsedToMeanRule.NothingLearned) || layer is null)
            return null;
        // Saturated gates let no gradient through either, and are the cause to name.
        if (SaturatedGatesRule.Examine(e) is not null)
            return null;
        if (layer.GradientNorms.Count < FewestSteps || !(layer.Decay < Decay))
            return null;
        int reach = Enumerable.Range(0, layer.GradientNorms.Count).Last(back => layer.GradientNorms[back] >= Reach * layer.GradientNorms[0]);
        var evidence = new Dictionary<string, double> { ["steps back reached"] = reach };
        GradientProfile.AddTo(evidence, layer);
        return new Finding
        {
            Code = FindingCode.VanishingGradients,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The gradient reaches {Plural.Of(reach, "step")} back; over {layer.GradientNorms.Count - 1} it shrinks to ")
                + Invariant($"{layer.Decay:G2} of itself. What lies before cannot be learned."),
            Advice = (e.Network.Cell switch
            {
                CellKind.Lstm => "Begin with a larger forget-gate bias (Initialization), ",
                CellKind.Gru => "Use LSTM cells, whose forget gate begins open, ",
                _ => "Use LSTM or GRU cells and orthogonal recurrent weights, ",
            }) + "or shorten the sequences: thin out the steps, or put what matters near the end.",
            Evidence = evidence,
        };
    }
}
