namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>How long a person wants to search.</summary>
/// <param name="TimeLimit">For how long; null: to the end of the trials.</param>
/// <param name="Trials">Trials; null: as many as there is time for.</param>
/// <param name="Folds">Folds of time that judge each trial.</param>
internal sealed record SearchRequest(TimeSpan? TimeLimit, int? Trials, int Folds);
