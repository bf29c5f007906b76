namespace Microsoft.ML.Lstm.Columns;

/// <summary>How a column of windows and their labels came about: what a trainer must know of the series that they were cut from.</summary>
internal sealed record WindowAnnotation
{
    /// <summary>Name of the column of windows, [T, F].</summary>
    public required string WindowColumnName { get; init; }

    /// <summary>
    /// For each series that the label continues, its place within a step of the window; −1 if it is not among the inputs. One for each series of
    /// the label: [S]. Empty if there is no label.
    /// </summary>
    public required IReadOnlyList<int> FeatureIndices { get; init; }

    /// <summary>F, values per step of the window.</summary>
    public required int RowSize { get; init; }

    /// <summary>T, steps per window.</summary>
    public required int WindowLength { get; init; }

    /// <summary>Steps after the window that make the label: [horizon, S]; 0: no label.</summary>
    public required int Horizon { get; init; }

    /// <summary>Rows from one window of a series to its next.</summary>
    public required int Stride { get; init; }

    /// <summary>Name of the column that tells series apart; null: all rows are one series.</summary>
    public string? GroupColumnName { get; init; }

    /// <summary>Name of the column that says when a row is from; null: rows are in the order of time.</summary>
    public string? TimeColumnName { get; init; }

    /// <summary>Windows that a validation set must keep away from the training set so that no label value is in both: ⌈(horizon − 1) / stride⌉.</summary>
    public int LabelGap => Horizon < 2 ? 0 : (Horizon - 2) / Stride + 1;

    /// <summary>The place within a step of the window of the series that a value of the label continues; −1 if it is not among the inputs.</summary>
    /// <param name="labelValue">Which value of the label.</param>
    public int FeatureIndexOf(int labelValue) => FeatureIndices[labelValue % FeatureIndices.Count];
}
