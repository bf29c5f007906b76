using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>A dataset's values, brought from process to process by the messages of a group.</summary>
internal sealed class GroupShare : ExampleShare
{
    private readonly IProcessGroup _group;
    private readonly SequenceDataset _hand;
    private readonly Dictionary<int, int> _places = [];
    private readonly int[] _sent, _received;
    private int[] _out = [], _in = [];

    public GroupShare(IProcessGroup group, SequenceShape shape, int[] firsts, int[] rowEnds)
        : base(group.Rank, firsts, rowEnds)
    {
        (_group, _hand) = (group, SequenceDataset.ForReceived(shape));
        (_sent, _received) = (new int[group.Size], new int[group.Size]);
    }

    public override void HandOn(Span<byte> state, int owner) => _group.Broadcast(state, owner);

    public override void Sum(Span<long> counts)
    {
        long[] all = new long[counts.Length * _group.Size];
        _group.GatherValues<long>(counts, all);
        counts.Clear();
        for (int i = 0; i < all.Length; i++)
            counts[i % counts.Length] += all[i];
    }

    public override void Deal(SequenceDataset dataset, IReadOnlyList<int>[] needed)
    {
        Write(dataset, needed);
        _group.Exchange(MemoryMarshal.AsBytes(_out.AsSpan()), _sent, MemoryMarshal.AsBytes(_in.AsSpan()), _received);
        _hand.Clear();
        _places.Clear();
        int at = 0;
        for (int rank = 0; rank < _group.Size; rank++)
            foreach (int example in needed[_group.Rank])
            {
                ExampleEntry entry = dataset.Entry(example);
                if (OwnerOf(entry.Number) != rank)
                    continue;
                int count = dataset.ValueCount(example);
                _places[entry.Number] = _hand.Count;
                _hand.AddFrom(entry, _in.AsSpan(at, count));
                at += count;
            }
    }

    public override SequenceDataset Hand(int number, out int example) => _places.TryGetValue(number, out example)
        ? _hand
        : throw new InvalidOperationException(Invariant(
            $"Example {number} was not dealt to process {Rank}; expected one of the batch at hand."));

    public override SequenceDataset Collect(SequenceDataset dataset, ReadOnlySpan<int> examples)
    {
        Array.Clear(_sent);
        int[] starts = new int[examples.Length];
        for (int i = 0; i < examples.Length; i++)
            _sent[OwnerOf(dataset.Entry(examples[i]).Number)] += sizeof(int) * dataset.ValueCount(examples[i]);
        int[] own = new int[_sent[Rank] / sizeof(int)], all = new int[_sent.Sum() / sizeof(int)];
        for (int rank = 0, at = 0; rank < Size; rank++)
            for (int i = 0; i < examples.Length; i++)
                if (OwnerOf(dataset.Entry(examples[i]).Number) == rank)
                {
                    starts[i] = at;
                    at += dataset.ValueCount(examples[i]);
                }
        int written = 0;
        foreach (int example in examples)
            if (dataset.Holds(example))
            {
                dataset.CopyTo(example, own.AsSpan(written));
                written += dataset.ValueCount(example);
            }
        _group.Gather(MemoryMarshal.AsBytes(own.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()), _sent);
        var collected = new SequenceDataset(dataset.Shape) { LabelGap = dataset.LabelGap };
        for (int i = 0; i < examples.Length; i++)
            collected.AddFrom(dataset.Entry(examples[i]), all.AsSpan(starts[i], dataset.ValueCount(examples[i])));
        collected.TrimExcess();
        return collected.WithWindow(dataset.Window).WithScaling(dataset.FeatureScaling, dataset.TargetScaling);
    }

    private void Write(SequenceDataset dataset, IReadOnlyList<int>[] needed)
    {
        Array.Clear(_received);
        foreach (int example in needed[Rank])
            _received[OwnerOf(dataset.Entry(example).Number)] += sizeof(int) * dataset.ValueCount(example);
        for (int rank = 0; rank < Size; rank++)
            _sent[rank] = checked(sizeof(int) * needed[rank].Sum(example => dataset.Holds(example) ? dataset.ValueCount(example) : 0));
        (_out, _in) = (Grown(_out, _sent), Grown(_in, _received));
        int at = 0;
        foreach (IReadOnlyList<int> examples in needed)
            foreach (int example in examples)
                if (dataset.Holds(example))
                {
                    int count = dataset.ValueCount(example);
                    dataset.CopyTo(example, _out.AsSpan(at, count));
                    at += count;
                }
    }

    private static int[] Grown(int[] buffer, int[] lengths)
    {
        int count = checked(lengths.Sum() / sizeof(int));
        return buffer.Length < count ? new int[count] : buffer;
    }
}
