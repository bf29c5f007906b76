namespace Microsoft.ML.Lstm.Reporting;

/// <summary>A band of a chart, such as an interval.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its lower and upper values.</param>
public sealed record ReportBand(string Name, IReadOnlyList<(double X, double Lower, double Upper)> Points);
