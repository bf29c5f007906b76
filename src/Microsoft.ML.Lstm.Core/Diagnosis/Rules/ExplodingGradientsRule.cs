using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The gradient grows on its way back through time, or leaps from one update to the next, and nothing clips it.</summary>
internal static class ExplodingGradientsRule
{
    // Gated cells change the gradient by less than 2 at a step and soon level off; a hundredfold is a recurrence that amplifies.
    private const double Growth = 100;

    public static Finding? Examine(TrainingEvidence e)
    {
        bool isClipped = e.Engine.ClipNorm is not null || e.Engine.ClipValue is not null;
        LayerObservation? layer = Layers(e).MaxBy(l => l.Growth);
        bool grows = layer?.Growth >= Growth, leaps = e.Steps.SpikeCount > 0;
        // Clipping is the cure; only if the network still learns nothing is there something to say.
        if (!(grows || leaps) || (isClipped && !(e.IsTrained && e.RelativeLoss >= CollapsedToMeanRule.NothingLearned)))
            return null;
        return new Finding
        {
            Code = FindingCode.ExplodingGradients,
            Severity = FindingSeverity.Warning,
            Message = grows
                ? Invariant($"The gradient grows {layer!.Growth:G3}-fold on its way back through time in layer {layer.Layer}.")
                : Invariant($"The gradient's norm leapt {e.Steps.LargestSpike:G3}-fold above its usual size, {e.Steps.SpikeCount} ")
                    + Invariant($"times, up to {e.Steps.LargestNorm:G3}."),
            Advice = isClipped
                ? "Start from smaller recurrent weights (Initialization: orthogonal), use LSTM or GRU cells, or shorten the sequences."
                : "Set ClipNorm to 1; LSTM or GRU cells and orthogonal recurrent weights (Initialization) keep the gradient's size better.",
            Evidence = EvidenceOf(e, layer),
        };
    }

    private static IEnumerable<LayerObservation> Layers(TrainingEvidence e) => (e.FirstEpoch?.Layers ?? []).Concat(e.Latest?.Layers ?? []);

    private static Dictionary<string, double> EvidenceOf(TrainingEvidence e, LayerObservation? layer)
    {
        var evidence = new Dictionary<string, double>
        {
            ["largest gradient norm of an update"] = e.Steps.LargestNorm,
            ["leaps"] = e.Steps.SpikeCount,
            ["largest leap"] = e.Steps.LargestSpike,
        };
        if (layer is not null)
            GradientProfile.AddTo(evidence, layer);
        return evidence;
    }
}
