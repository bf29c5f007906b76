using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The gradient's norm by step, in few values: at the last step and 1, 2, 4, 8, … steps before it.</summary>
internal static class GradientProfile
{
    public static void AddTo(Dictionary<string, double> evidence, LayerObservation layer)
    {
        for (int back = 0; back < layer.GradientNorms.Count; back = Math.Max(1, 2 * back))
            evidence[Invariant($"gradient norm {back} steps back")] = layer.GradientNorms[back];
        evidence[Invariant($"gradient norm {layer.GradientNorms.Count - 1} steps back")] = layer.GradientNorms[^1];
    }
}
