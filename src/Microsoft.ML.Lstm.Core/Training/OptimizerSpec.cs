namespace Microsoft.ML.Lstm.Training;

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
}
