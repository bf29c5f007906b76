using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>g = dw + λw; v ← v + g²; w ← w − ηg / (√v + ε).</summary>
internal readonly struct AdaGradRule(float learningRate, float weightDecay, float epsilon) : IUpdateRule
{
    public static bool HasFirst => false;

    public static bool HasSecond => true;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v)
    {
        Vector<float> g = dw + w * weightDecay;
        v += g * g;
        return w - g / (Vector.SquareRoot(v) + new Vector<float>(epsilon)) * learningRate;
    }
}
