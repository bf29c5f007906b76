namespace Microsoft.ML.Lstm;

/// <summary>How far a search is.</summary>
/// <param name="Latest">The training that has just ended.</param>
/// <param name="Best">The best so far.</param>
/// <param name="TrialsBegun">Trials that have been begun.</param>
/// <param name="TrialCount">Trials in all; null where a time limit says how many.</param>
/// <param name="IsNew">Whether it was trained just now rather than found in the folder.</param>
public sealed record SearchProgress(SearchRung Latest, SearchRung Best, int TrialsBegun, int? TrialCount, bool IsNew);
