using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>
/// Makes one dataset of those of several processes: their examples, one process' after the other's, as if one had read them all. Each
/// keeps its own values; the
/// others' lengths, weights and series are told to all.
/// </summary>
internal static class DatasetJoin
{
    private const int EntriesAtOnce = 1 << 24;

    /// <summary>Joins the processes' datasets.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="own">This process' examples, of the same shape in all; its feature rows move to the joined dataset.</param>
    /// <param name="series">What the series of this process' examples are called, by number.</param>
    public static SequenceDataset Of(IProcessGroup group, SequenceDataset own, IReadOnlyList<string> series)
    {
        if (group.Size == 1)
            return own;
        int[] counts = new int[group.Size], firsts = new int[group.Size + 1], numbers = Numbers(group, series),
            rowEnds = new int[group.Size];
        group.GatherValues<int>([own.Count], counts);
        for (int rank = 0; rank < group.Size; rank++)
            firsts[rank + 1] = checked(firsts[rank] + counts[rank]);
        var entries = new ExampleEntry[own.Count];
        for (int i = 0; i < entries.Length; i++)
            entries[i] = own.Entry(i) with { Number = firsts[group.Rank] + i, Series = numbers[own.Entry(i).Series] };
        WindowStore<float>? features = Continue(group, own, entries, rowEnds);
        var share = new GroupShare(group, own.Shape, firsts, rowEnds);
        return own.JoinedTo(GatherEntries(group, entries, counts, firsts), features, share);
    }

    // Series are numbered as they appear, whoever has read them.
    private static int[] Numbers(IProcessGroup group, IReadOnlyList<string> series)
    {
        string[][] all = group.GatherTexts(series);
        var known = new Dictionary<string, int>();
        int[] own = [];
        for (int rank = 0; rank < all.Length; rank++)
        {
            int[] numbers = [.. all[rank].Select(name => known.TryGetValue(name, out int number) ? number
                : known[name] = known.Count)];
            own = rank == group.Rank ? numbers : own;
        }
        return own;
    }

    // A window that overlaps the one before shares its rows, and each row is measured once. So that it is the same at the border between
    // two processes, each
    // appends its windows to what the one before has come to: to its last window, that is.
    private static WindowStore<float>? Continue(IProcessGroup group, SequenceDataset own, ExampleEntry[] entries, int[] rowEnds)
    {
        if (own.FeatureStore is not { } store)
            return null;
        var end = new WindowStoreEnd[1];
        float[] tail = [];
        for (int rank = 0; rank < group.Size; rank++)
        {
            if (rank == group.Rank)
            {
                if (rank > 0)
                    store = AppendedTo(WindowStore<float>.After(end[0], tail, store.Width), own, entries);
                (end[0], tail) = (store.End, store.Tail.ToArray());
            }
            group.Broadcast(MemoryMarshal.AsBytes(end.AsSpan()), rank);
            rowEnds[rank] = end[0].Rows;
            int rows = end[0].Rows - end[0].LastWindow;
            tail = rank == group.Rank ? tail : new float[rows * store.Width];
            group.Broadcast(MemoryMarshal.AsBytes(tail.AsSpan()), rank);
        }
        return store;
    }

    private static WindowStore<float> AppendedTo(WindowStore<float> store, SequenceDataset own, ExampleEntry[] entries)
    {
        for (int i = 0; i < entries.Length; i++)
            entries[i] = entries[i] with { Features = store.Append(own.Features(i)) };
        store.TrimExcess();
        return store;
    }

    private static List<ExampleEntry> GatherEntries(IProcessGroup group, ExampleEntry[] own, int[] counts, int[] firsts)
    {
        var all = new ExampleEntry[firsts[^1]];
        int chunk = Math.Max(1, EntriesAtOnce / group.Size);
        int[] lengths = new int[group.Size];
        for (int start = 0; start < counts.Max(); start += chunk)
        {
            int Count(int rank) => Math.Clamp(counts[rank] - start, 0, chunk);
            for (int rank = 0; rank < group.Size; rank++)
                lengths[rank] = Count(rank) * Unsafe.SizeOf<ExampleEntry>();
            var received = new ExampleEntry[Enumerable.Range(0, group.Size).Sum(Count)];
            group.Gather(MemoryMarshal.AsBytes(own.AsSpan(Math.Min(start, own.Length), Count(group.Rank))),
                MemoryMarshal.AsBytes(received.AsSpan()), lengths);
            for (int rank = 0, at = 0; rank < group.Size; at += Count(rank++))
                received.AsSpan(at, Count(rank)).CopyTo(all.AsSpan(firsts[rank] + Math.Min(start, counts[rank])));
        }
        return [.. all];
    }
}
