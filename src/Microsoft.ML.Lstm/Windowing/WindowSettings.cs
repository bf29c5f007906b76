using System.Text.Json.Serialization;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>The geometry and the columns of a window. Checked when made; saved with the model.</summary>
internal sealed record WindowSettings
{
    // Each value of a label has a name, for which a false horizon in a file would take gigabytes.
    private const int LongestHorizon = 100_000;

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

    /// <summary>Names of the series that the label is of, in the order of a step's values; empty: the first input.</summary>
    public IReadOnlyList<string> LabelInputColumnNames { get; init; } = [];

    /// <summary>Rows from one window of a group to its next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Name of the column whose values tell series apart; null: all rows are one series.</summary>
    public string? GroupColumnName { get; init; }

    /// <summary>Name of the column that says when a row is from; null: rows are in the order of time, without holes.</summary>
    public string? TimeColumnName { get; init; }

    /// <summary>How far rows are from each other; null: as is most common, once the window is fitted.</summary>
    public RowSpacing? Spacing { get; init; }

    /// <summary>What is done with values that are not finite.</summary>
    public MissingInWindow MissingValues { get; init; }

    /// <summary>Whether vectors hold a whole window each rather than the values of a step; null: only if they cannot be otherwise.</summary>
    public bool? WholeWindows { get; init; }

    /// <summary>The series that the label is of.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> LabelSources => LabelInputColumnNames.Count > 0 ? LabelInputColumnNames : [InputColumnNames[0]];

    /// <summary>Values of a label: the horizon, for each of its series.</summary>
    [JsonIgnore]
    public int LabelSize => Horizon * LabelSources.Count;

    /// <summary>Rows that a window and its label span.</summary>
    [JsonIgnore]
    public int Span => WindowLength + Horizon;

    /// <summary>Throws when an argument of <c>WindowSequence</c> is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the argument, its value and what was expected.</exception>
    public void Validate()
    {
        RequireArgument(!string.IsNullOrEmpty(OutputColumnName), "outputColumnName", "empty", "a name");
        RequireArgument(InputColumnNames is { Count: > 0 }, "inputColumnNames", "empty", "at least one name");
        RequireArgument(InputColumnNames.All(n => !string.IsNullOrEmpty(n)), "inputColumnNames", "a list with an empty name", "names");
        int most = Array.MaxLength / InputColumnNames.Count;
        RequireArgument(WindowLength > 0 && WindowLength <= most, "windowLength", WindowLength, $"1 to {most}");
        int longest = Math.Min(LongestHorizon, Array.MaxLength - WindowLength);
        RequireArgument(Horizon >= 0 && Horizon <= longest, "horizon", Horizon, $"0 to {longest}");
        RequireArgument(Stride > 0, "stride", Stride, "1 or more");
        RequireArgument(LabelColumnName != "", "labelColumnName", "empty", "a name, or null for no label");
        RequireArgument(LabelColumnName is null == (Horizon == 0), "labelColumnName", LabelColumnName ?? "null",
            Horizon > 0 ? Invariant($"a name for the column of the next {Horizon} values, since horizon is {Horizon}") : "null, since horizon is 0");
        RequireArgument(LabelColumnName is null || LabelColumnName != OutputColumnName, "labelColumnName", LabelColumnName!, "another name than outputColumnName");
        RequireArgument(LabelInputColumnNames is not null && LabelInputColumnNames.All(n => !string.IsNullOrEmpty(n)), "labelInputColumnNames", "a list with an empty name", "names");
        RequireArgument(LabelInputColumnNames!.Count == 0 || Horizon > 0, "labelInputColumnNames", LabelInputColumnNames.FirstOrDefault(), "null, since horizon is 0");
        RequireArgument(LabelInputColumnNames.Distinct().Count() == LabelInputColumnNames.Count, "labelInputColumnNames", "a list with a name twice", "each name once");
        RequireArgument(GroupColumnName != "", "groupColumnName", "empty", "a name, or null for one series");
        RequireArgument(TimeColumnName != "", "timeColumnName", "empty", "a name, or null for rows in the order of time");
        RequireArgument(Spacing is null || TimeColumnName is not null, "timeStep", Spacing?.Name, "null, since timeColumnName is null");
        RequireArgument(Enum.IsDefined(MissingValues), "missingValues", MissingValues, OneOf<MissingInWindow>());
    }
}
