namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>Examples as <see cref="GroupDeal"/> sees them: who has their values, and how those become a message.</summary>
internal interface IDealtExamples
{
    /// <summary>The process that holds the values of an example.</summary>
    int OwnerOf(int example);

    /// <summary>Values of an example in a message, four bytes each: every process knows it.</summary>
    int ValueCount(int example);

    /// <summary>Writes the values of an example that this process holds.</summary>
    void CopyTo(int example, Span<int> message);

    /// <summary>Takes the values of an example, this process' own or another's.</summary>
    void Receive(int example, ReadOnlySpan<int> message);
}
