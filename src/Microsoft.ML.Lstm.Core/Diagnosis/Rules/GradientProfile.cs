using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The gradient's norm by step, in few numbers: at the last step and 1, 2, 4, 8, … steps before it.</summary>
internal static class GradientProfile
{
    public static void AddTo(Dictionary<string, double> evidence, LayerEvidence layer)
    {
        for (int back = 0; back < layer.GradientNorms.Length; back = Math.Max(1, 2 * back))
            evidence[Invariant($"gradient norm {back} steps back")] = layer.GradientNorms[back];
        evidence[Invariant($"gradient norm {layer.GradientNorms.Length - 1} steps back")] = layer.GradientNorms[^1];
    }
}
