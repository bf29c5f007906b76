namespace Microsoft.ML.Lstm.Training;

/// <summary>What one training step found.</summary>
/// <param name="Loss">The batch's mean loss, before the update.</param>
/// <param name="GradientNorm">The global norm of the gradient, after clipping by value and before clipping by norm (as PyTorch's clip_grad_norm_ returns it).</param>
public readonly record struct StepResult(double Loss, double GradientNorm);
