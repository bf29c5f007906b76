using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>w ← w − η(dw + λw).</summary>
internal readonly struct SgdRule(float learningRate, float weightDecay) : IUpdateRule
{
    public static bool HasFirst => false;

    public static bool HasSecond => false;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v) =>
        w - (dw + w * weightDecay) * learningRate;
}
