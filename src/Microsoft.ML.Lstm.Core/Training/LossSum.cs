namespace Microsoft.ML.Lstm.Training;

/// <summary>A loss that can be added up over batches.</summary>
/// <param name="Sum">Σ wᵢ·lossᵢ.</param>
/// <param name="Weight">Σ wᵢ.</param>
public readonly record struct LossSum(double Sum, double Weight)
{
    /// <summary>The mean; NaN when nothing was added.</summary>
    public double Mean => Sum / Weight;

    /// <summary>Adds two sums.</summary>
    public static LossSum operator +(LossSum a, LossSum b) => new(a.Sum + b.Sum, a.Weight + b.Weight);
}
