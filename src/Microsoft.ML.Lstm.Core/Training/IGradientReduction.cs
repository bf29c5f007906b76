namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// What comes between the gradient and the update in every step of a <see cref="TrainingLoop"/>: turns the sums of this process into those of
/// all, so that each makes the same update.
/// </summary>
public interface IGradientReduction
{
    /// <summary>Reduces one step's gradient in place.</summary>
    /// <param name="gradient">∂(Σ wᵢ·lossᵢ)/∂w of this process' share of the batch, not divided; receives that of the whole batch.</param>
    /// <param name="loss">Σ wᵢ·lossᵢ and Σ wᵢ of the share; both are 0 for an empty one.</param>
    /// <returns>The sums of the whole batch.</returns>
    LossSum Reduce(Span<float> gradient, LossSum loss);
}
