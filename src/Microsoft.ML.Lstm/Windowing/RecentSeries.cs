namespace Microsoft.ML.Lstm.Windowing;

/// <summary>The latest rows of a series. Saved with the model.</summary>
/// <param name="Rows">Their values: [rows, F].</param>
/// <param name="Time">The time of the last; null if time is not watched.</param>
internal sealed record RecentSeries(float[] Rows, decimal? Time);
