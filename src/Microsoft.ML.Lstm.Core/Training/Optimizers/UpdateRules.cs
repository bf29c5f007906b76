using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

/// <summary>
/// An optimiser's formula for one vector of weights. Elementwise and of plain multiplications and additions, never a fused one, so that
/// every width of vector gives the same bits.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>Whether the rule keeps a first moment.</summary>
    static abstract bool HasFirst { get; }

    /// <summary>Whether the rule keeps a second moment.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The new weights; moments are updated in place.</summary>
    Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v);
}

/// <summary>w ← w − η(dw + λw).</summary>
internal readonly struct SgdRule(float learningRate, float weightDecay) : IUpdateRule
{
    public static bool HasFirst => false;

    public static bool HasSecond => false;

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v) =>
        w - (dw + w * weightDecay) * learningRate;
}

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

/// <summary>
/// g = dw + λw; m ← m + (1 − β₁)(g − m); v ← β₂v + (1 − β₂)g²; w ← κw − s·m / (√v / c + ε)
/// with s = η / (1 − β₁ᵗ), c = √(1 − β₂ᵗ). Adam has κ = 1; AdamW has λ = 0, κ = 1 − ηλ.
/// </summary>
internal readonly struct AdamRule : IUpdateRule
{
    public static bool HasFirst => true;

    public static bool HasSecond => true;

    /// <summary>λ, added to the gradient.</summary>
    public required float WeightDecay { get; init; }

    /// <summary>κ.</summary>
    public required float Keep { get; init; }

    /// <summary>1 − β₁.</summary>
    public required float FirstGain { get; init; }

    /// <summary>β₂.</summary>
    public required float SecondKeep { get; init; }

    /// <summary>1 − β₂.</summary>
    public required float SecondGain { get; init; }

    /// <summary>s.</summary>
    public required float StepSize { get; init; }

    /// <summary>c.</summary>
    public required float RootCorrection { get; init; }

    /// <summary>ε.</summary>
    public required float Epsilon { get; init; }

    public Vector<float> Next(Vector<float> w, Vector<float> dw, ref Vector<float> m, ref Vector<float> v)
    {
        Vector<float> g = dw + w * WeightDecay;
        m += (g - m) * FirstGain;
        v = v * SecondKeep + g * g * SecondGain;
        Vector<float> denominator = Vector.SquareRoot(v) / new Vector<float>(RootCorrection) + new Vector<float>(Epsilon);
        return w * Keep - m / denominator * StepSize;
    }
}

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
