namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Where the values of a dataset lie that is spread over several processes: each holds those of consecutive examples, and of all others
/// no more than their
/// <see cref="ExampleEntry"/>. The values of others' examples come as messages, so all processes make the same calls in the same order.
/// </summary>
internal abstract class ExampleShare
{
    private readonly int[] _firsts, _rowEnds;

    /// <param name="rank">This process.</param>
    /// <param name="firsts">The first example of each process, and the number of all at the end.</param>
    /// <param name="rowEnds">Where the feature rows of each process end.</param>
    protected ExampleShare(int rank, int[] firsts, int[] rowEnds) => (Rank, _firsts, _rowEnds) = (rank, firsts, rowEnds);

    /// <summary>This process.</summary>
    public int Rank { get; }

    /// <summary>How many there are.</summary>
    public int Size => _rowEnds.Length;

    /// <summary>The process that holds the values of an example, by the example's number.</summary>
    public int OwnerOf(int number)
    {
        int found = Array.BinarySearch(_firsts, number + 1);
        // Of processes without an example, which begin where the next does, none is the owner.
        int owner = (found < 0 ? ~found : found) - 1;
        while (owner > 0 && _firsts[owner] > number)
            owner--;
        return owner;
    }

    /// <summary>Rows of features, cut where the next process' begin, and the process that holds each piece.</summary>
    public IEnumerable<(int Start, int Count, int Owner)> Pieces(int start, int count)
    {
        int end = start + count;
        for (int rank = 0; rank < Size && start < end; rank++)
        {
            int pieceEnd = Math.Min(end, _rowEnds[rank]);
            if (pieceEnd <= start)
                continue;
            yield return (start, pieceEnd - start, rank);
            start = pieceEnd;
        }
    }

    /// <summary>Gives every process what one has come to.</summary>
    public abstract void HandOn(Span<byte> state, int owner);

    /// <summary>Counts of this process' examples become those of all.</summary>
    public abstract void Sum(Span<long> counts);

    /// <summary>Brings each process the values of the examples that it is about to pack into batches; those of the time before are
    /// dropped.</summary>
    /// <param name="dataset">A dataset that is spread so.</param>
    /// <param name="examplesFor">The examples for each process, by rank.</param>
    public abstract void Deal(SequenceDataset dataset, Func<int, IReadOnlyList<int>> examplesFor);

    /// <summary>What was dealt: the dataset that holds the values, and the example in it.</summary>
    public abstract SequenceDataset Hand(int number, out int example);

    /// <summary>Some examples with their values, as a dataset of its own, in every process.</summary>
    public abstract SequenceDataset Collect(SequenceDataset dataset, ReadOnlySpan<int> examples);
}
