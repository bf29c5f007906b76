using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A loss and its parameters. The batch's loss is Σ wᵢ·lossᵢ / Σ wᵢ over sequences (or unmasked steps), where lossᵢ is itself a mean over
/// the outputs of that row (a single value for the cross-entropies) and wᵢ is the example's weight times its class's.
/// </summary>
public sealed record LossSpec
{
    /// <summary>The loss. Default: mean squared error.</summary>
    public LossKind Kind { get; init; } = LossKind.MeanSquaredError;

    /// <summary>δ of the Huber loss. Range: more than 0 and finite. Default: 1.</summary>
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

    /// <summary>Whether the target of a row is a class rather than numeric.</summary>
    public bool TargetsAreClasses => Kind == LossKind.SoftmaxCrossEntropy;

    /// <summary>Throws when a value is out of its range or does not fit a network of <paramref name="outputSize"/> outputs.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate(int outputSize)
    {
        Require(Enum.IsDefined(Kind), "Loss." + nameof(Kind), Kind, OneOf<LossKind>());
        Require(HuberDelta is > 0 and < float.PositiveInfinity, nameof(HuberDelta), HuberDelta, "more than 0 and finite");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 or more and less than 1");
        ValidateClassWeights(outputSize);
        Require(Quantiles is not null, nameof(Quantiles), null, "quantiles, each more than 0 and less than 1");
        if (Kind != LossKind.Quantile)
            return;
        Require(Quantiles!.Count > 0 && outputSize % Quantiles.Count == 0, nameof(Quantiles),
            Plural.Of(Quantiles.Count, "quantile"), $"a divisor of {nameof(Network.NetworkSpec.OutputSize)} ({outputSize})");
        foreach (float quantile in Quantiles)
            Require(quantile is > 0 and < 1, nameof(Quantiles), quantile, "more than 0 and less than 1");
    }

    private void ValidateClassWeights(int outputSize)
    {
        if (ClassWeights is null)
            return;
        int? classes = Kind switch
        {
            LossKind.SoftmaxCrossEntropy => outputSize,
            LossKind.BinaryCrossEntropy when outputSize == 1 => 2,
            _ => null,
        };
        Require(ClassWeights.Count == classes, nameof(ClassWeights), Plural.Of(ClassWeights.Count, "weight"),
            classes is null ? Invariant($"null, since {nameof(Kind)} is {Kind} of {Plural.Of(outputSize, "output")}") : Invariant($"{classes}, one for each class"));
        foreach (float weight in ClassWeights)
            Require(weight is >= 0 and < float.PositiveInfinity, nameof(ClassWeights), weight, "0 or more and finite");
    }
}
