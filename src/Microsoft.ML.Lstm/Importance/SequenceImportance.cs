namespace Microsoft.ML.Lstm;

/// <summary>
/// How much worse predictions become when one feature in some steps says nothing: its values are exchanged among the rows at random.
/// </summary>
/// <typeparam name="TStatistics">ML.NET's statistics of the task's metrics.</typeparam>
/// <param name="Feature">
/// The value of a step that was exchanged: for windows of <c>WindowSequence</c> the column that it came from, otherwise the feature
/// column, with the value's place in brackets where a step has several; or the column of tokens.
/// </param>
/// <param name="FirstStep">First step that was exchanged: 0 is the last of the sequence, −1 the one before.</param>
/// <param name="LastStep">Last step that was exchanged.</param>
/// <param name="Change">
/// Each metric after the exchange minus the metric before, over the permutations: mean, standard deviation, standard error. About 0: the
/// predictions do not rest on it.
/// </param>
public sealed record SequenceImportance<TStatistics>(string Feature, int FirstStep, int LastStep, TStatistics Change);
