using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>RMSProp's direction d; m ← μm + d; w ← w − ηm.</summary>
internal readonly struct RmsPropMomentumRule(float learningRate, float momentum, RmsPropRule rmsProp) : IUpdateRule
{
    public static bool HasFirst => true;

    public static bool HasSecond => true;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v)
    {
        m = m * momentum + rmsProp.Direction(w, dw, ref v);
        return w - m * learningRate;
    }
}
