namespace Microsoft.ML.Lstm;

/// <summary>How much worse forecasts become when one input in some rows says nothing: its values are exchanged among windows at random.</summary>
/// <param name="Input">The column, <c>Calendar</c>, or <c>Series</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="FirstRow">First row that was exchanged: 0 is the latest known, −1 the one before, 1 the first of the horizon.</param>
/// <param name="LastRow">Last row that was exchanged. Both are 0 for what is the same in all rows.</param>
/// <param name="ErrorIncrease">By how much the mean absolute error grows, as a fraction of what it was; mean over the permutations. About 0: the forecasts do not rest on it.</param>
/// <param name="StandardDeviation">Standard deviation over the permutations.</param>
public sealed record ForecastImportance(string Input, ForecastInputKind Kind, int FirstRow, int LastRow, double ErrorIncrease, double StandardDeviation);
