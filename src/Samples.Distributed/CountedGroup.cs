using System.Diagnostics;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Samples.Distributed;

/// <summary>A group that counts the bytes this process sends to others, and the time that it waits for them.</summary>
internal sealed class CountedGroup(IProcessGroup group) : IProcessGroup
{
    public int Rank => group.Rank;

    public int Size => group.Size;

    public string Name => group.Name;

    public long Bytes { get; set; }

    public TimeSpan Time { get; set; }

    public void Exchange(ReadOnlySpan<byte> messages, ReadOnlySpan<int> lengths, Span<byte> received, ReadOnlySpan<int> receivedLengths)
    {
        long began = Stopwatch.GetTimestamp();
        group.Exchange(messages, lengths, received, receivedLengths);
        Time += Stopwatch.GetElapsedTime(began);
        for (int rank = 0; rank < Size; rank++)
            Bytes += rank == Rank ? 0 : lengths[rank];
    }

    public void Gather(ReadOnlySpan<byte> message, Span<byte> all, ReadOnlySpan<int> lengths)
    {
        long began = Stopwatch.GetTimestamp();
        group.Gather(message, all, lengths);
        Time += Stopwatch.GetElapsedTime(began);
        Bytes += (long)message.Length * (Size - 1);
    }

    public void Broadcast(Span<byte> message, int root) => group.Broadcast(message, root);

    public void Abort(string message) => group.Abort(message);
}
