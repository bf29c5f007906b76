using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>A dataset's values, brought from process to process by the messages of a group.</summary>
internal sealed class GroupShare : ExampleShare
{
    private readonly IProcessGroup _group;
    private readonly SequenceDataset _hand;
    private readonly Dictionary<int, int> _places = [];
    private readonly GroupDeal _deal;

    public GroupShare(IProcessGroup group, SequenceShape shape, int[] firsts, int[] rowEnds)
        : base(group.Rank, firsts, rowEnds) =>
        (_group, _hand, _deal) = (group, SequenceDataset.ForReceived(shape), new GroupDeal(group));

    public override void HandOn(Span<byte> state, int owner) => _group.Broadcast(state, owner);

    public override void Sum(Span<long> counts)
    {
        long[] all = new long[counts.Length * _group.Size];
        _group.GatherValues<long>(counts, all);
        counts.Clear();
        for (int i = 0; i < all.Length; i++)
            counts[i % counts.Length] += all[i];
    }

    public override void Deal(SequenceDataset dataset, Func<int, IReadOnlyList<int>> examplesFor)
    {
        _hand.Clear();
        _places.Clear();
        _deal.Run(new Dealt(this, dataset), [.. Enumerable.Range(0, Size).Select(examplesFor)]);
    }

    public override SequenceDataset Hand(int number, out int example) => _places.TryGetValue(number, out example)
        ? _hand
        : throw new InvalidOperationException(Invariant(
            $"Example {number} was not dealt to process {Rank}; expected one of the batch at hand."));

    public override SequenceDataset Collect(SequenceDataset dataset, ReadOnlySpan<int> examples)
    {
        int[] lengths = new int[Size], starts = new int[examples.Length];
        for (int i = 0; i < examples.Length; i++)
            lengths[OwnerOf(dataset.Entry(examples[i]).Number)] += sizeof(int) * dataset.ValueCount(examples[i]);
        int[] own = new int[lengths[Rank] / sizeof(int)], all = new int[lengths.Sum() / sizeof(int)];
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
        _group.Gather(MemoryMarshal.AsBytes(own.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()), lengths);
        var collected = new SequenceDataset(dataset.Shape) { LabelGap = dataset.LabelGap };
        for (int i = 0; i < examples.Length; i++)
            collected.AddFrom(dataset.Entry(examples[i]), all.AsSpan(starts[i], dataset.ValueCount(examples[i])));
        collected.TrimExcess();
        return collected.WithWindow(dataset.Window).WithScaling(dataset.FeatureScaling, dataset.TargetScaling);
    }

    // What is dealt is appended to the hand.
    private sealed class Dealt(GroupShare share, SequenceDataset dataset) : IDealtExamples
    {
        public int OwnerOf(int example) => share.OwnerOf(dataset.Entry(example).Number);

        public int ValueCount(int example) => dataset.ValueCount(example);

        public void CopyTo(int example, Span<int> message) => dataset.CopyTo(example, message);

        public void Receive(int example, ReadOnlySpan<int> message)
        {
            ExampleEntry entry = dataset.Entry(example);
            share._places[entry.Number] = share._hand.Count;
            share._hand.AddFrom(entry, message);
        }
    }
}
