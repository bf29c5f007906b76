using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>An optimiser and its constants; the learning rate comes from the schedule at each step.</summary>
public sealed record OptimizerSpec
{
    /// <summary>The optimiser. Default: Adam.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>Momentum of SGD and RMSProp. Default: 0.</summary>
    public float Momentum { get; init; }

    /// <summary>Whether SGD's momentum is Nesterov's. Default: false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>β₁ of Adam and AdamW. Default: 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂ of Adam and AdamW. Default: 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Smoothing constant α of RMSProp. Default: 0.99.</summary>
    public float Smoothing { get; init; } = 0.99f;

    /// <summary>ε, added outside the root. Default: 1e-8 (1e-10 for AdaGrad) when null.</summary>
    public float? Epsilon { get; init; }

    /// <summary>Weight decay: λw is added to the gradient, or for AdamW the weight shrinks by the learning rate times λ. Default: 0.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Throws when a constant is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Kind), nameof(Kind), Kind, OneOf<OptimizerKind>());
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "at least 0 and below 1");
        Require(!Nesterov || Momentum > 0, nameof(Nesterov), Nesterov, $"false, since {nameof(Momentum)} is 0");
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "at least 0 and below 1");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "at least 0 and below 1");
        Require(Smoothing is >= 0 and < 1, nameof(Smoothing), Smoothing, "at least 0 and below 1");
        Require(Epsilon is null or (> 0 and < float.PositiveInfinity), nameof(Epsilon), Epsilon ?? 0, "more than 0 and finite");
        Require(WeightDecay is >= 0 and < float.PositiveInfinity, nameof(WeightDecay), WeightDecay, "at least 0 and finite");
    }
}
