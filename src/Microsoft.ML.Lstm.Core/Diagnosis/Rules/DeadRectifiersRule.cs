using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Many rectified units are 0 at every step of every example: they have no gradient and will not come back.</summary>
internal static class DeadRectifiersRule
{
    // A few units die in any rectifier network.
    private const double DeadShare = 0.5;

    public static Finding? Examine(TrainingEvidence e)
    {
        LayerObservation? layer = e.Latest?.Layers.MaxBy(l => (double)l.DeadUnits / l.Units);
        if (layer is null || layer.DeadUnits < DeadShare * layer.Units)
            return null;
        return new Finding
        {
            Code = FindingCode.DeadRectifiers,
            Severity = layer.DeadUnits == layer.Units ? FindingSeverity.Error : FindingSeverity.Warning,
            Message = Invariant($"{layer.DeadUnits} of {layer.Units} rectified units of layer {layer.Layer} are 0 whatever the input."),
            Advice = Invariant($"Lower LearningRate from {e.Options.Schedule.LearningRate:G4} to ")
                + Invariant($"{e.Options.Schedule.LearningRate / 10:G2}, ")
                + "set ClipNorm to 1, scale the features to mean 0, or use tanh or gated cells (Cell).",
            Evidence = new Dictionary<string, double>
            {
                ["layer"] = layer.Layer,
                ["dead units"] = layer.DeadUnits,
                ["units"] = layer.Units,
            },
        };
    }
}
