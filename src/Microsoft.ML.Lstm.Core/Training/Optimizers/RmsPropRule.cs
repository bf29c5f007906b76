using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>g = dw + λw; v ← αv + (1 − α)g²; w ← w − ηg / (√v + ε).</summary>
internal readonly struct RmsPropRule(float learningRate, float weightDecay, float keep, float gain, float epsilon) : IUpdateRule
{
    public static bool HasFirst => false;

    public static bool HasSecond => true;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v) =>
        w - Direction(w, dw, ref v) * learningRate;

    /// <summary>g / (√v + ε), after v was updated.</summary>
    public Vector<float> Direction(Vector<float> w, Vector<float> dw, ref Vector<float> v)
    {
        Vector<float> g = dw + w * weightDecay;
        v = v * keep + g * g * gain;
        return g / (Vector.SquareRoot(v) + new Vector<float>(epsilon));
    }
}
