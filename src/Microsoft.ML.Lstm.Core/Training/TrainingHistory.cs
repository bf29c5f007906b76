namespace Microsoft.ML.Lstm;

/// <summary>How a training went.</summary>
/// <param name="Epochs">One report per epoch, those before a resume included.</param>
/// <param name="End">Why it ended.</param>
/// <param name="BestEpoch">The epoch with the best watched loss, from 0; null when no epoch was finished.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochReport> Epochs, TrainingEnd End, int? BestEpoch);
