namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// The processes that train one network together, and how bytes get from one to another. All of them make the same calls in the same order; a call
/// returns when this process has what it asked for. Microsoft.ML.Lstm.Mpi has the one for MPI.
/// </summary>
public interface IProcessGroup
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many there are; at least 1.</summary>
    int Size { get; }

    /// <summary>What carries the bytes, for logs: a name and a version.</summary>
    string Name { get; }

    /// <summary>Sends each process a message of its own, and receives one from each.</summary>
    /// <param name="messages">The messages one after the other, to rank 0 first.</param>
    /// <param name="lengths">Bytes of each: [<see cref="Size"/>].</param>
    /// <param name="received">Receives the messages one after the other, from rank 0 first.</param>
    /// <param name="receivedLengths">Bytes of each, which both sides know: [<see cref="Size"/>].</param>
    void Exchange(ReadOnlySpan<byte> messages, ReadOnlySpan<int> lengths, Span<byte> received, ReadOnlySpan<int> receivedLengths);

    /// <summary>Gives every process the message of every other.</summary>
    /// <param name="message">That of this process.</param>
    /// <param name="all">Receives them one after the other, from rank 0 first.</param>
    /// <param name="lengths">Bytes of each, which all know: [<see cref="Size"/>].</param>
    void Gather(ReadOnlySpan<byte> message, Span<byte> all, ReadOnlySpan<int> lengths);

    /// <summary>Gives every process the message of one.</summary>
    /// <param name="message">The message; in the other processes it is received into this.</param>
    /// <param name="root">The rank that has it.</param>
    void Broadcast(Span<byte> message, int root);

    /// <summary>Ends all processes of the group, this one included, because this one cannot go on and the others would wait for it for ever.</summary>
    /// <param name="message">Why, for the one who reads the log.</param>
    void Abort(string message);
}
