namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a vector of keys as tokens.</summary>
internal interface ITokenReader
{
    /// <summary>The tokens of the row that the cursor is at; valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">A key is beyond the count of the column's; names column, row, key and count.</exception>
    ReadOnlySpan<int> Read();
}
