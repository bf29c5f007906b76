using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>g = dw + λw; m ← μm + g; w ← w − ηm, or with Nesterov's form w − η(g + μm).</summary>
internal readonly struct MomentumRule(float learningRate, float weightDecay, float momentum, bool nesterov) : IUpdateRule
{
    public static bool HasFirst => true;

    public static bool HasSecond => false;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v)
    {
        Vector<float> g = dw + w * weightDecay;
        m = m * momentum + g;
        return w - (nesterov ? g + m * momentum : m) * learningRate;
    }
}
