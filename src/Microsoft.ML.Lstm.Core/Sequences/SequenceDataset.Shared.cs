using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Sequences;

// A dataset whose values several processes hold: views, splits and orders need none of them, and are the same in all.
public sealed partial class SequenceDataset : ISharedExamples
{
    private const int MostSampled = 4096, MostSampledValues = 1 << 24;

    private SequenceDataset(SequenceDataset own, WindowStore<float>? features, List<ExampleEntry> all, ExampleShare share)
        : this(own, all) => (_features, Share) = (features, share);

    /// <summary>Where the values are, when not all are in this process; null: here.</summary>
    internal ExampleShare? Share { get; private init; }

    /// <summary>The rows of features.</summary>
    internal WindowStore<float>? FeatureStore => _features;

    /// <summary>A dataset that values are received into.</summary>
    internal static SequenceDataset ForReceived(SequenceShape shape) => new(shape, findsOverlaps: false);

    /// <summary>All processes' examples, of which this dataset's are this process' own.</summary>
    internal SequenceDataset JoinedTo(List<ExampleEntry> all, WindowStore<float>? features, ExampleShare share) =>
        new(this, features, all, share);

    void ISharedExamples.Deal(Func<int, IReadOnlyList<int>> examplesFor) => Share?.Deal(this, examplesFor);

    /// <summary>Where an example lies.</summary>
    internal ExampleEntry Entry(int example) => _entries[example];

    /// <summary>Whether the values of an example are in this process.</summary>
    internal bool Holds(int example) => Share is null || Share.OwnerOf(Entries[example].Number) == Share.Rank;

    /// <summary>Consecutive examples, each run in one process.</summary>
    internal IEnumerable<(int First, int Count, int Owner)> Runs()
    {
        for (int first = 0, end; first < Count; first = end)
        {
            int owner = Share?.OwnerOf(_entries[first].Number) ?? 0;
            end = first + 1;
            while (end < Count && (Share is null || Share.OwnerOf(_entries[end].Number) == owner))
                end++;
            yield return (first, end - first, owner);
        }
    }

    /// <summary>Values of an example in a message, four bytes each.</summary>
    internal int ValueCount(int example)
    {
        int targets = TargetRows(example) * ((_targets is null ? 0 : Shape.TargetSize) + (_classes is null ? 0 : 1));
        return checked((Length(example) * (Shape.FeatureSize + (Shape.HasTokens ? 1 : 0))) + targets);
    }

    /// <summary>Writes an example's values.</summary>
    internal void CopyTo(int example, Span<int> message)
    {
        Take(ref message, MemoryMarshal.Cast<float, int>(Features(example)));
        Take(ref message, Tokens(example));
        Take(ref message, MemoryMarshal.Cast<float, int>(Targets(example)));
        Take(ref message, Classes(example));
    }

    /// <summary>Appends an example that another dataset wrote.</summary>
    internal void AddFrom(in ExampleEntry entry, ReadOnlySpan<int> message)
    {
        int steps = entry.Length, targetRows = Shape.TargetEveryStep ? steps : 1;
        Add(new SequenceExample
        {
            Features = MemoryMarshal.Cast<int, float>(Cut(ref message, steps * Shape.FeatureSize)),
            Tokens = Cut(ref message, _tokens is null ? 0 : steps),
            Targets = MemoryMarshal.Cast<int, float>(Cut(ref message, _targets is null ? 0 : targetRows * Shape.TargetSize)),
            Classes = Cut(ref message, _classes is null ? 0 : targetRows),
            Weight = entry.Weight,
            Series = entry.Series,
        });
    }

    /// <summary>Drops all examples and keeps the memory.</summary>
    internal void Clear()
    {
        _entries.Clear();
        _features?.Clear();
        _tokens?.Clear();
        _targets?.Clear();
        _classes?.Clear();
    }

    /// <summary>All examples or, of a dataset that is spread over processes, up to 4,096, evenly spread, with their values, in every
    /// process.</summary>
    internal SequenceDataset Sample()
    {
        if (Share is null)
            return this;
        long mean = Math.Max(1, StepCount / Count * Math.Max(1, Shape.FeatureSize));
        return Spread((int)Math.Min(MostSampled, Math.Max(1, MostSampledValues / mean)));
    }

    /// <summary>At most so many examples, evenly spread, with their values: the same in every process.</summary>
    internal SequenceDataset Spread(int most)
    {
        int[] examples = new int[Math.Min(Count, most)];
        for (int i = 0; i < examples.Length; i++)
            examples[i] = (int)((long)i * Count / examples.Length);
        return Share is null ? Subset(examples) : Share.Collect(this, examples);
    }

    // The values were dealt beforehand, as they were added; whatever the view does to them is done on the way into the batch.
    private void FillFromHand(SequenceBatch batch, ReadOnlySpan<int> examples, int firstStep, int stepCount)
    {
        if (firstStep != 0 || stepCount != int.MaxValue)
            throw new InvalidOperationException(
                "Some steps were asked for of a dataset that is spread over processes; expected whole examples.");
        int[] dealt = new int[examples.Length];
        SequenceDataset? hand = null;
        for (int i = 0; i < dealt.Length; i++)
            hand = Share!.Hand(Entries[examples[i]].Number, out dealt[i]);
        hand!.WithWindow(Window).WithScaling(FeatureScaling, TargetScaling).Fill(batch, dealt);
    }

    private void RequireHeld(int example)
    {
        if (!Holds(example))
            throw new InvalidOperationException(Invariant(
                $"The values of example {example} are in process {Share!.OwnerOf(Entries[example].Number)}; ")
                + Invariant($"expected one of process {Share.Rank}."));
    }

    private static void Take(ref Span<int> message, ReadOnlySpan<int> values)
    {
        values.CopyTo(message);
        message = message[values.Length..];
    }

    private static ReadOnlySpan<int> Cut(ref ReadOnlySpan<int> message, int count)
    {
        ReadOnlySpan<int> values = message[..count];
        message = message[count..];
        return values;
    }
}
