namespace Microsoft.ML.Lstm.Sequences;

/// <summary>Examples whose values may be spread over several processes: before they are packed, they are dealt.</summary>
internal interface ISharedExamples
{
    /// <summary>
    /// Brings each process the values of the examples that it is about to pack into batches; those of the time before are dropped. All processes call
    /// it alike. Does nothing where all values are here.
    /// </summary>
    /// <param name="examplesFor">The examples for each process, by rank; the same in all processes.</param>
    void Deal(Func<int, IReadOnlyList<int>> examplesFor);
}
