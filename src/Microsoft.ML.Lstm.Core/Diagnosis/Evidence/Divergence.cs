namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>A training that ended in numbers that are not finite.</summary>
/// <param name="Step">The step that failed, from 1.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="NotFinite">How many numbers of the training data are NaN or infinite.</param>
internal sealed record Divergence(long Step, float LearningRate, long NotFinite);
