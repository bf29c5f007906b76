using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>The latest rows of each series, and the window that they make.</summary>
internal sealed class RecentRows : IRowExtension
{
    private readonly WindowSequenceTransformer _window;
    private readonly int _length;
    private readonly GroupReader _groups;
    private readonly NumberReader[] _inputs;
    private readonly List<SeriesBuffer> _series = [];
    private int _current;

    /// <summary>Goes on from the rows that the transformer was saved with.</summary>
    public RecentRows(WindowSequenceTransformer window, DataViewRow row)
    {
        WindowSettings settings = window.Columns.Settings;
        if (!window.Columns.AreSeries(row.Schema))
            throw new ArgumentException(Invariant($"Column '{settings.InputColumnNames[0]}' is a vector, a whole window in each row; expected Single, one value of a series. Whole windows are for CreatePredictionEngine."));
        (_window, _length) = (window, settings.WindowLength);
        Columns = [window.Columns.Window()];
        Dependencies = [.. settings.InputColumnNames.Select(name => row.Schema[name])];
        _groups = new GroupReader(row, settings.GroupColumnName is { } group ? row.Schema[group] : null);
        _inputs = [.. Dependencies.Select(column => new NumberReader(row, column))];
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>Takes the current row into its series. True: the series has a whole window.</summary>
    public bool Take()
    {
        _current = _groups.Read();
        if (_current == _series.Count)
            _series.Add(Restore(_groups.NameOf(_current)));
        Span<float> row = _series[_current].Append();
        for (int i = 0; i < _inputs.Length; i++)
            row[i] = _inputs[i].Read()[0];
        return _series[_current].Held == _length;
    }

    public Delegate[] CreateGetters(DataViewRow input) =>
        [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(_series[_current].Last(_length), ref value))];

    /// <summary>The latest rows by the group value of their series, those of series not heard of since they were restored included.</summary>
    public IReadOnlyDictionary<string, float[]> Export()
    {
        var rows = new Dictionary<string, float[]>(_window.RecentRows);
        for (int i = 0; i < _series.Count; i++)
            rows[_groups.NameOf(i)] = _series[i].Last(_series[i].Held).ToArray();
        return rows;
    }

    private SeriesBuffer Restore(string name)
    {
        var series = new SeriesBuffer(_length, _inputs.Length);
        float[] saved = _window.RecentRows.GetValueOrDefault(name, []);
        for (int start = 0; start < saved.Length; start += _inputs.Length)
            saved.AsSpan(start, _inputs.Length).CopyTo(series.Append());
        return series;
    }
}
