namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads the label of one row after the other. What it gives is valid until the next call.</summary>
internal interface ILabelReader
{
    /// <summary>Reads and checks the label of the row that the cursor is at.</summary>
    /// <returns>Whether the row has a label; a row without is not learned from.</returns>
    /// <exception cref="InvalidOperationException">The label cannot be learned from; names column, row and value.</exception>
    bool Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes);
}
