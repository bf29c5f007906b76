using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>Brings the values of examples from the processes that hold them to those that need them, all by one exchange.</summary>
internal sealed class GroupDeal(IProcessGroup group)
{
    private readonly int[] _sent = new int[group.Size], _received = new int[group.Size];
    private int[] _out = [], _in = [];

    /// <summary>Deals. A process receives its examples those of the first process first, and of each process in the order given.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="needed">Which each process needs, by rank; the same in all processes.</param>
    public void Run(IDealtExamples examples, IReadOnlyList<int>[] needed)
    {
        Write(examples, needed);
        group.Exchange(MemoryMarshal.AsBytes(_out.AsSpan()), _sent, MemoryMarshal.AsBytes(_in.AsSpan()), _received);
        int at = 0;
        for (int rank = 0; rank < group.Size; rank++)
            foreach (int example in needed[group.Rank])
            {
                if (examples.OwnerOf(example) != rank)
                    continue;
                int count = examples.ValueCount(example);
                examples.Receive(example, _in.AsSpan(at, count));
                at += count;
            }
    }

    private void Write(IDealtExamples examples, IReadOnlyList<int>[] needed)
    {
        Array.Clear(_received);
        foreach (int example in needed[group.Rank])
            _received[examples.OwnerOf(example)] += sizeof(int) * examples.ValueCount(example);
        for (int rank = 0; rank < group.Size; rank++)
            _sent[rank] = checked(sizeof(int) * needed[rank].Sum(example => IsOwn(example) ? examples.ValueCount(example) : 0));
        (_out, _in) = (Grown(_out, _sent), Grown(_in, _received));
        int at = 0;
        foreach (IReadOnlyList<int> some in needed)
            foreach (int example in some)
                if (IsOwn(example))
                {
                    int count = examples.ValueCount(example);
                    examples.CopyTo(example, _out.AsSpan(at, count));
                    at += count;
                }

        bool IsOwn(int example) => examples.OwnerOf(example) == group.Rank;
    }

    private static int[] Grown(int[] buffer, int[] lengths)
    {
        int count = checked(lengths.Sum() / sizeof(int));
        return buffer.Length < count ? new int[count] : buffer;
    }
}
