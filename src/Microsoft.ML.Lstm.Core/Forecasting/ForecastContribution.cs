namespace Microsoft.ML.Lstm;

/// <summary>What one input in one row adds to a forecast.</summary>
/// <param name="Input">The column, or <c>Calendar</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Row">Which row: 0 is the latest known, −1 the one before, 1 the first of the horizon. 0 for what is the same in all rows.</param>
/// <param name="Value">What it adds, in the unit of the series; negative where it takes away.</param>
public sealed record ForecastContribution(string Input, ForecastInputKind Kind, int Row, double Value);
