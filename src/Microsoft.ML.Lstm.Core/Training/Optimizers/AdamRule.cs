using System.Numerics;

namespace Microsoft.ML.Lstm.Training.Optimizers;

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
