using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>The geometry and the columns of a window. Checked when made; saved with the model.</summary>
internal sealed record WindowSettings
{
    /// <summary>Name of the column of windows.</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>Names of the series, in the order of a step's numbers.</summary>
    public required IReadOnlyList<string> InputColumnNames { get; init; }

    /// <summary>Steps per window.</summary>
    public required int WindowLength { get; init; }

    /// <summary>Values after the window that make the label; 0: no label.</summary>
    public int Horizon { get; init; }

    /// <summary>Name of the column of labels; null exactly when <see cref="Horizon"/> is 0.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>Name of the series that the label is of; null: the first input.</summary>
    public string? LabelInputColumnName { get; init; }

    /// <summary>Rows from one window of a group to its next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Name of the column whose values tell series apart; null: all rows are one series.</summary>
    public string? GroupColumnName { get; init; }

    /// <summary>The series that the label is of.</summary>
    public string LabelSource => LabelInputColumnName ?? InputColumnNames[0];

    /// <summary>Rows that a window and its label span.</summary>
    public int Span => WindowLength + Horizon;

    /// <summary>Throws when an argument of <c>WindowSequence</c> is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the argument, its value and what was expected.</exception>
    public void Validate()
    {
        RequireArgument(!string.IsNullOrEmpty(OutputColumnName), "outputColumnName", "empty", "a name");
        RequireArgument(InputColumnNames is { Count: > 0 }, "inputColumnNames", "empty", "at least one name");
        foreach (string name in InputColumnNames)
            RequireArgument(!string.IsNullOrEmpty(name), "inputColumnNames", "a list with an empty name", "names");
        int most = Array.MaxLength / InputColumnNames.Count;
        RequireArgument(WindowLength > 0 && WindowLength <= most, "windowLength", WindowLength, $"1 to {most}");
        RequireArgument(Horizon >= 0 && Horizon <= Array.MaxLength - WindowLength, "horizon", Horizon, $"0 to {Array.MaxLength - WindowLength}");
        RequireArgument(Stride > 0, "stride", Stride, "1 or more");
        RequireArgument(LabelColumnName != "", "labelColumnName", "empty", "a name, or null for no label");
        RequireArgument(LabelColumnName is null == (Horizon == 0), "labelColumnName", LabelColumnName ?? "null",
            Horizon > 0 ? Invariant($"a name for the column of the next {Horizon} values, since horizon is {Horizon}") : "null, since horizon is 0");
        RequireArgument(LabelColumnName is null || LabelColumnName != OutputColumnName, "labelColumnName", LabelColumnName!, "another name than outputColumnName");
        RequireArgument(LabelInputColumnName is null || Horizon > 0, "labelInputColumnName", LabelInputColumnName!, "null, since horizon is 0");
    }
}
