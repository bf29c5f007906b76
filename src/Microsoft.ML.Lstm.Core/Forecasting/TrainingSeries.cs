using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// The series of a training: all in this process, or spread over several, each of which has the values of consecutive ones. What is learned of the
/// values is either said by their owner to all, or summed up from one process to the next, or the series is lent: in the order of the series each
/// time, so that it is the same to the bit. All processes make the same calls in the same order.
/// </summary>
internal sealed class TrainingSeries
{
    private IReadOnlyList<SeriesData>? _own;
    private readonly SeriesExtent[] _extents;
    // The first series of each process, and the number of all at the end.
    private readonly int[] _firsts;
    private readonly int _rank;

    /// <summary>Series that are all here.</summary>
    public TrainingSeries(IReadOnlyList<SeriesData> series)
    {
        (_own, _firsts) = (series, [0, series.Count]);
        Names = [.. series.Select(one => one.Name)];
        _extents = [.. series.Select(SeriesExtent.Of)];
    }

    private TrainingSeries(IProcessGroup group, IReadOnlyList<SeriesData> own, string[][] names)
    {
        (Group, _own, _rank, _firsts) = (group, own, group.Rank, new int[group.Size + 1]);
        for (int rank = 0; rank < group.Size; rank++)
            _firsts[rank + 1] = _firsts[rank] + names[rank].Length;
        Names = [.. names.SelectMany(some => some)];
        _extents = OfEach<SeriesExtent>(1, (series, extent) => extent[0] = SeriesExtent.Of(series));
    }

    /// <summary>The processes that the series are spread over; null: all are here.</summary>
    public IProcessGroup? Group { get; }

    /// <summary>What the series are called.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many there are.</summary>
    public int Count => _firsts[^1];

    /// <summary>What is known of a series.</summary>
    public SeriesExtent this[int series] => _extents[series];

    /// <summary>The first of the series that have most known rows; null if there are none.</summary>
    public int? Longest => Count == 0 ? null : Enumerable.Range(0, Count).MaxBy(series => _extents[series].KnownCount);

    /// <summary>Known rows of the longest.</summary>
    public int LongestCount => Longest is { } longest ? _extents[longest].KnownCount : 0;

    /// <summary>Its name for a message, after a comma; empty if it has none.</summary>
    public string LongestName => Longest is { } longest && Names[longest] is { Length: > 0 } name ? Invariant($", '{name}'") : "";

    private IReadOnlyList<SeriesData> Own =>
        _own ?? throw new InvalidOperationException("The series' values are let go; expected all to be measured before.");

    /// <summary>The series of all processes, one process' after the other's.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="own">Those of this one, perhaps none.</param>
    /// <param name="isGrouped">Whether a column tells series apart.</param>
    /// <exception cref="DistributedTrainingException">Two processes have rows of one series.</exception>
    public static TrainingSeries Join(IProcessGroup group, IReadOnlyList<SeriesData> own, bool isGrouped)
    {
        string[][] names = group.GatherTexts(own.Select(series => series.Name));
        var owners = new Dictionary<string, int>();
        for (int rank = 0; rank < names.Length; rank++)
            foreach (string name in names[rank])
                if (!owners.TryAdd(name, rank))
                    throw new DistributedTrainingException(isGrouped
                        ? Invariant($"Series '{name}' has rows in process {owners[name]} and in process {rank} of {group.Size}; ")
                            + Invariant($"expected all rows of a series in one process, since {nameof(DistributedData)} is {DistributedData.Own}.")
                        : Invariant($"Processes {owners[name]} and {rank} of {group.Size} have rows of one series, since no column is named that tells ")
                            + Invariant($"series apart; expected its name, or rows in one process alone, since {nameof(DistributedData)} is {DistributedData.Own}."));
        return new TrainingSeries(group, own, names);
    }

    /// <summary>The process that has a series' values.</summary>
    public int OwnerOf(int series)
    {
        int owner = 0;
        while (_firsts[owner + 1] <= series)
            owner++;
        return owner;
    }

    /// <summary>Drops the values, which from now on are held as windows read them: what is known of the series remains.</summary>
    public void LetGo() => _own = null;

    /// <summary>Does what may fail with each series of this process; where it fails, all processes throw.</summary>
    /// <exception cref="DistributedTrainingException">It has failed in another process; says how.</exception>
    public void ForOwn(Action<int, SeriesData> action) => new Lockstep(Group).Together(() =>
    {
        for (int i = 0; i < Own.Count; i++)
            action(_firsts[_rank] + i, Own[i]);
    });

    /// <summary>Values that the owner of each series measures, in every process: [series, each].</summary>
    /// <param name="each">Values of a series.</param>
    /// <param name="measure">Measures a series.</param>
    /// <param name="most">Series to be measured, the first ones; null: all.</param>
    public T[] OfEach<T>(int each, Action<SeriesData, Span<T>> measure, int? most = null)
        where T : unmanaged
    {
        int count = Math.Min(Count, most ?? Count), first = Math.Min(count, _firsts[_rank]), own = Math.Min(count, _firsts[_rank + 1]) - first;
        var measured = new T[own * each];
        ForOwn((series, data) =>
        {
            if (series < count)
                measure(data, measured.AsSpan((series - first) * each, each));
        });
        if (Group is not { } group)
            return measured;
        var all = new T[count * each];
        int[] bytes = [.. Enumerable.Range(0, group.Size).Select(rank =>
            checked((Math.Min(count, _firsts[rank + 1]) - Math.Min(count, _firsts[rank])) * each * Unsafe.SizeOf<T>()))];
        group.Gather(MemoryMarshal.AsBytes(measured.AsSpan()), MemoryMarshal.AsBytes(all.AsSpan()), bytes);
        return all;
    }

    /// <summary>Of what the processes have to say the first that is not empty, in their order.</summary>
    public string FirstOf(string own) => Group is not { } group ? own : Array.Find(group.Gather(own), text => text.Length > 0) ?? "";

    /// <summary>Sums up over all series in their order: each process goes on from what the one before has come to.</summary>
    /// <param name="state">What is summed up; in the end that of all series, in every process.</param>
    /// <param name="add">Adds a series to it.</param>
    public void SumUp<T>(T[] state, Action<SeriesData> add)
        where T : unmanaged
    {
        for (int rank = 0; rank < _firsts.Length - 1; rank++)
        {
            if (rank == _rank)
                foreach (SeriesData series in Own)
                    add(series);
            Group?.BroadcastValues(state.AsSpan(), rank);
        }
    }

    /// <summary>Values of a series, in every process.</summary>
    /// <param name="series">Which.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="read">Makes them, in the process that has the series.</param>
    public float[] Lend(int series, int count, Func<float[]> read)
    {
        float[] values = OwnerOf(series) == _rank ? read() : new float[count];
        Group?.BroadcastValues(values.AsSpan(), OwnerOf(series));
        return values;
    }
}
