using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>The latest rows of each series, and the window that they make. The series heard of least recently is dropped when there are too many.</summary>
internal sealed class RecentRows : IRowExtension
{
    private readonly WindowColumns _columns;
    private readonly int _length;
    private readonly int? _maximumSeries;
    private readonly GroupReader _groups;
    private readonly SeriesClock? _clock;
    private readonly StepReader _inputs;
    private readonly float[] _step;
    private readonly List<SeriesBuffer?> _series = [];
    private readonly List<LinkedListNode<int>?> _places = [];
    private readonly LinkedList<int> _byAge = [];
    private readonly Dictionary<string, RecentSeries> _saved;
    private int _current;

    /// <summary>Goes on from the rows that the transformer was saved with.</summary>
    public RecentRows(WindowSequenceTransformer window, DataViewRow row, int? maximumSeries)
    {
        (_columns, _length, _maximumSeries) = (window.Columns, window.Columns.Settings.WindowLength, maximumSeries);
        if (!_columns.AreSeries(row.Schema))
            throw new ArgumentException(
                Invariant($"Column '{_columns.Inputs[0].Name}' is a vector, a whole window in each row; expected {(_columns.Inputs[0].IsVector ? "the values of one step" : "Single, one value")} of a series. Whole windows are for CreatePredictionEngine."));
        Columns = [_columns.Window()];
        Dependencies = [.. _columns.Inputs.Select(input => row.Schema[input.Name])];
        _groups = new GroupReader(row, _columns.Settings.GroupColumnName is { } group ? row.Schema[group] : null);
        _clock = _columns.Settings.TimeColumnName is null ? null : new SeriesClock(_columns.Host, row, _columns.Settings, _groups);
        _inputs = new StepReader(row, _columns);
        _step = new float[_columns.RowSize];
        _saved = new(window.RecentRows.TakeLast(maximumSeries ?? int.MaxValue));
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>Takes the current row into its series.</summary>
    /// <returns>Whether the series has a whole window to predict from.</returns>
    /// <exception cref="InvalidOperationException">A value is missing, or time goes backwards or stands still; the row is not taken.</exception>
    public bool Take()
    {
        _inputs.Read(_step);
        string? missing = _columns.Settings.MissingValues == MissingInWindow.Keep ? null : StepReader.Missing(_columns, _step);
        if (missing is not null && _columns.Settings.MissingValues == MissingInWindow.Refuse)
            throw new InvalidOperationException(
                Invariant($"{missing}; expected finite values. WindowSequence skips windows with others if its missingValues is {nameof(MissingInWindow.Skip)}."));
        _current = _groups.Read();
        SeriesBuffer series = Hear(_current);
        if (_clock?.Follows(_current, out _) == false)
            series.Clear();
        _step.CopyTo(series.Append());
        return series.Held == _length && (_columns.Settings.MissingValues != MissingInWindow.Skip || FiniteNumbers.AreAll(series.Last(_length)));
    }

    public Delegate[] CreateGetters(DataViewRow input) =>
        [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(_series[_current]!.Last(_length), ref value))];

    /// <summary>The latest rows by the group value of their series, those heard of least recently first.</summary>
    public IReadOnlyDictionary<string, RecentSeries> Export()
    {
        var rows = new Dictionary<string, RecentSeries>(_saved);
        foreach (int i in _byAge)
            rows[_groups.NameOf(i)] = new RecentSeries(_series[i]!.Last(_series[i]!.Held).ToArray(), _clock?.Latest(i));
        return rows;
    }

    // The series' rows, which makes it the one heard of last.
    private SeriesBuffer Hear(int current)
    {
        while (_series.Count <= current)
        {
            _series.Add(null);
            _places.Add(null);
        }
        if (_series[current] is { } known)
        {
            _byAge.Remove(_places[current]!);
            _byAge.AddLast(_places[current]!);
            return known;
        }
        SeriesBuffer restored = Restore(current);
        _series[current] = restored;
        _places[current] = _byAge.AddLast(current);
        if (_saved.Count + _byAge.Count > _maximumSeries)
            DropOldest();
        return restored;
    }

    private SeriesBuffer Restore(int current)
    {
        var series = new SeriesBuffer(_length, _columns.RowSize);
        _saved.Remove(_groups.NameOf(current), out RecentSeries? saved);
        float[] rows = saved?.Rows ?? [];
        for (int start = 0; start < rows.Length; start += _columns.RowSize)
            rows.AsSpan(start, _columns.RowSize).CopyTo(series.Append());
        _clock?.Restore(current, saved?.Time);
        return series;
    }

    // What was restored and not heard of since is older than all that was.
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
        _groups.Forget(oldest);
    }
}
