namespace Microsoft.ML.Lstm.Training;

/// <summary>What one training step found.</summary>
/// <param name="Loss">The batch's loss before the update, as a sum with its weight.</param>
/// <param name="GradientNorm">The global norm of the gradient of the mean loss, after clipping by value and before clipping by norm (as PyTorch's clip_grad_norm_ returns it).</param>
public readonly record struct StepResult(LossSum Loss, double GradientNorm)
{
    /// <summary>The batch's mean loss; 0 when nothing in it counts.</summary>
    public double MeanLoss => Loss.Weight > 0 ? Loss.Mean : 0;

    /// <summary>Whether the update was made: loss and gradient are finite.</summary>
    public bool IsFinite => double.IsFinite(MeanLoss) && double.IsFinite(GradientNorm);
}
