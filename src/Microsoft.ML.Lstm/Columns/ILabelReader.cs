namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads the label of one row after the other. What it gives is valid until the next call.</summary>
internal interface ILabelReader
{
    /// <summary>Reads and checks the label of the row that the cursor is at.</summary>
    /// <exception cref="InvalidOperationException">The label cannot be learned from; names column, row and value.</exception>
    void Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes);
}
