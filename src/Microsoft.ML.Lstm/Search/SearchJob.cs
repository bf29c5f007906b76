namespace Microsoft.ML.Lstm.Search;

/// <summary>A training of a trial up to a rung.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Rung">The rung.</param>
/// <param name="Epochs">Epochs after which it pauses, those of the rungs below included.</param>
/// <param name="CheckpointPath">Where its checkpoint goes; null: it writes none.</param>
/// <param name="ResumeFrom">The checkpoint that it continues from; null: it begins anew.</param>
internal sealed record SearchJob(int Trial, int Rung, int Epochs, string? CheckpointPath, string? ResumeFrom);
