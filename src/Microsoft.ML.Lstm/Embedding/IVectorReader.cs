namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Reads the words of a row, and gives their vectors.</summary>
internal interface IVectorReader
{
    /// <summary>Reads the row that the cursor is at.</summary>
    /// <returns>The number of words.</returns>
    int Read();

    /// <summary>The vector of a word of the row read.</summary>
    ReadOnlySpan<float> VectorAt(int step);
}
