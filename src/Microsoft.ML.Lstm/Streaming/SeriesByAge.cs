using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>What is kept of each series, by its group value. The series heard of least recently is dropped when there are too many.</summary>
/// <typeparam name="TSeries">What is kept.</typeparam>
/// <typeparam name="TSaved">What a checkpoint kept of it.</typeparam>
/// <param name="groups">Tells series apart.</param>
/// <param name="maximum">Series at most; null: no limit.</param>
/// <param name="saved">What a checkpoint kept, those heard of least recently first.</param>
/// <param name="begin">Begins a series, from what was kept of it or anew.</param>
internal sealed class SeriesByAge<TSeries, TSaved>(
    GroupReader groups, int? maximum, IEnumerable<KeyValuePair<string, TSaved>> saved, Func<int, TSaved?, TSeries> begin)
    where TSeries : class
    where TSaved : class
{
    private readonly List<TSeries?> _series = [];
    private readonly List<LinkedListNode<int>?> _places = [];
    private readonly LinkedList<int> _byAge = [];
    private readonly Dictionary<string, TSaved> _saved = new(saved.TakeLast(maximum ?? int.MaxValue));

    /// <summary>What is kept of a series that was heard of.</summary>
    public TSeries this[int series] => _series[series]!;

    /// <summary>Those heard of, the least recent first, by number.</summary>
    public IEnumerable<int> ByAge => _byAge;

    /// <summary>What a checkpoint kept of those not heard of since, older than all that were.</summary>
    public IEnumerable<KeyValuePair<string, TSaved>> NotHeardOf => _saved;

    /// <summary>Takes a row into what is kept of a series, which makes it the one heard of last. A row that is refused makes no series known and drops none.</summary>
    /// <param name="series">The series.</param>
    /// <param name="take">Takes the row, or throws.</param>
    /// <returns>What is kept of the series.</returns>
    public TSeries Hear(int series, Action<TSeries> take)
    {
        while (_series.Count <= series)
        {
            _series.Add(null);
            _places.Add(null);
        }
        if (_series[series] is { } known)
        {
            take(known);
            _byAge.Remove(_places[series]!);
            _byAge.AddLast(_places[series]!);
            return known;
        }
        TSeries begun = Begin(series, take);
        _saved.Remove(groups.NameOf(series));
        _series[series] = begun;
        _places[series] = _byAge.AddLast(series);
        if (_saved.Count + _byAge.Count > maximum)
            DropOldest();
        return begun;
    }

    private TSeries Begin(int series, Action<TSeries> take)
    {
        try
        {
            TSeries begun = begin(series, _saved.GetValueOrDefault(groups.NameOf(series)));
            take(begun);
            return begun;
        }
        catch
        {
            groups.Forget(series);
            throw;
        }
    }

    private void DropOldest()
    {
        if (_saved.Count > 0)
        {
            _saved.Remove(_saved.First().Key);
            return;
        }
        int oldest = _byAge.First!.Value;
        _byAge.RemoveFirst();
        (_series[oldest], _places[oldest]) = (null, null);
        groups.Forget(oldest);
    }
}
