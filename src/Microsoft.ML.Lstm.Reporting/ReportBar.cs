namespace Microsoft.ML.Lstm.Reporting;

/// <summary>A bar of a chart.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">Its length; may be negative.</param>
public sealed record ReportBar(string Label, double Value);
