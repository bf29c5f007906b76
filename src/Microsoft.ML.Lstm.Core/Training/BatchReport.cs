namespace Microsoft.ML.Lstm;

/// <summary>What one update found; made for every batch, so it costs nothing.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">The batch in the epoch, from 0.</param>
/// <param name="BatchCount">Batches of the epoch.</param>
/// <param name="Step">Updates so far, this one included.</param>
/// <param name="Loss">The batch's mean loss before the update.</param>
/// <param name="GradientNorm">The gradient's global norm before clipping.</param>
/// <param name="LearningRate">The step's learning rate.</param>
/// <param name="Sequences">Sequences in the batch.</param>
public readonly record struct BatchReport(
    int Epoch, int Batch, int BatchCount, long Step, double Loss, double GradientNorm, float LearningRate, int Sequences);
