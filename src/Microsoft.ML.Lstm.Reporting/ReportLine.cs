namespace Microsoft.ML.Lstm.Reporting;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points; one whose value is NaN interrupts it.</param>
/// <param name="IsQuiet">Whether it stands back behind the others: what came, beside what was forecast.</param>
public sealed record ReportLine(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsQuiet = false);
