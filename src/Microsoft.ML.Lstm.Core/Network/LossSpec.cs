namespace Microsoft.ML.Lstm;

/// <summary>
/// A loss and its parameters. The batch's loss is Σ wᵢ·lossᵢ / Σ wᵢ over sequences (or unmasked steps), where lossᵢ is itself a mean over
/// the outputs of that row (a single number for the cross-entropies) and wᵢ is the example's weight times its class's.
/// </summary>
public sealed record LossSpec
{
    /// <summary>The loss. Default: mean squared error.</summary>
    public LossKind Kind { get; init; } = LossKind.MeanSquaredError;

    /// <summary>δ of the Huber loss. Default: 1.</summary>
    public float HuberDelta { get; init; } = 1;

    /// <summary>The quantiles of the pinball loss, each strictly between 0 and 1. Default: the median.</summary>
    public IReadOnlyList<float> Quantiles { get; init; } = [0.5f];

    /// <summary>ε of softmax cross-entropy: the target is (1 − ε) on the class plus ε / classes everywhere (Szegedy et al. 2016). Default: 0.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// A weight for each class of softmax cross-entropy; of binary cross-entropy with one output, for targets below ½ and for the others. Null weighs
    /// all alike.
    /// </summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Whether the target of a row is a class rather than numbers.</summary>
    public bool TargetsAreClasses => Kind == LossKind.SoftmaxCrossEntropy;
}
