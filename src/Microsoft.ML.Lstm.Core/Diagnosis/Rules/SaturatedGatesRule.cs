using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>
/// Most gates are fully open or closed. A trained network may well use its gates as switches, so it only counts while the loss is high;
/// gates that hold the state are left out, since long memory wants them open.
/// </summary>
internal static class SaturatedGatesRule
{
    // At the start gates lie around one half; a network that learns opens and closes some.
    private const double Saturated = 0.7;
    private const double LossIsHigh = 0.5;

    public static Finding? Examine(TrainingEvidence e)
    {
        LayerObservation? layer = e.Latest?.Layers.MaxBy(ShareOf);
        if (layer is null || !(ShareOf(layer) >= Saturated) || !(e.RelativeLoss >= LossIsHigh))
            return null;
        var evidence = new Dictionary<string, double>();
        foreach (GateObservation gate in layer.Gates)
        {
            evidence[Invariant($"{gate.Name}: saturated")] = gate.Saturated;
            evidence[Invariant($"{gate.Name}: units always saturated")] = gate.AlwaysSaturated;
        }
        bool unscaled = UnscaledInputsRule.Examine(e) is not null;
        return new Finding
        {
            Code = FindingCode.SaturatedGates,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"In layer {layer.Layer}, {ShareOf(layer):P0} of the gates' values are below 0.05 or above 0.95, ")
                + "where they let hardly any gradient through.",
            Advice = unscaled
                ? "Scale the features to mean 0 and standard deviation 1."
                : Invariant($"Lower LearningRate from {e.Options.Schedule.LearningRate:G4} to {e.Options.Schedule.LearningRate / 10:G2}; ")
                    + "begin with smaller weights (Initialization), or set LayerNormalization.",
            Evidence = evidence,
        };
    }

    private static double ShareOf(LayerObservation layer) =>
        layer.Gates.Where(gate => !gate.HoldsState).Select(gate => gate.Saturated).DefaultIfEmpty(double.NaN).Average();
}
