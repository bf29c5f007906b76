namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a vector of keys as tokens.</summary>
internal interface ITokenReader
{
    /// <summary>The tokens of the row that the cursor is at; valid until the next call.</summary>
    ReadOnlySpan<int> Read();
}
