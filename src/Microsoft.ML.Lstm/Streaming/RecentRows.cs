using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>The latest rows of each series, and the window that they make. The series heard of least recently is dropped when there are too many.</summary>
internal sealed class RecentRows : ISeriesStream
{
    private readonly WindowColumns _columns;
    private readonly int _length;
    private readonly GroupReader _groups;
    private readonly SeriesClock? _clock;
    private readonly StepReader _inputs;
    private readonly float[] _step;
    private readonly SeriesByAge<SeriesBuffer, RecentSeries> _series;
    private readonly WindowSequenceTransformer _window;
    private readonly Action<SeriesBuffer> _append;
    private int _current;

    /// <summary>Goes on from the rows that the transformer was saved with.</summary>
    public RecentRows(WindowSequenceTransformer window, DataViewRow row, int? maximumSeries)
    {
        (_window, _columns, _length) = (window, window.Columns, window.Columns.Settings.WindowLength);
        if (!_columns.AreSeries(row.Schema))
            throw new ArgumentException(
                Invariant($"Column '{_columns.Inputs[0].Name}' is a vector, a whole window in each row; expected {(_columns.Inputs[0].IsVector ? "the values of one step" : "Single, one value")} of a series. Whole windows are for CreatePredictionEngine."));
        Columns = [_columns.Window()];
        Dependencies = [.. _columns.Inputs.Select(input => row.Schema[input.Name])];
        _groups = new GroupReader(row, _columns.Settings.GroupColumnName is { } group ? row.Schema[group] : null);
        _clock = _columns.Settings.TimeColumnName is null ? null : new SeriesClock(_columns.Host, row, _columns.Settings, _groups);
        _inputs = new StepReader(row, _columns);
        _step = new float[_columns.RowSize];
        _append = Append;
        _series = new SeriesByAge<SeriesBuffer, RecentSeries>(_groups, maximumSeries, window.RecentRows, Restore);
    }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>Takes the current row into its series.</summary>
    /// <returns>Whether the series has a whole window to predict from.</returns>
    /// <exception cref="InvalidOperationException">A value is missing, or time goes backwards or stands still; the row is not taken.</exception>
    public bool Take(in StreamRequest request)
    {
        if (!request.IsPlain)
            throw new InvalidOperationException("A horizon, a confidence level or rows of the future are given; expected none, since the model is no forecaster.");
        _inputs.Read(_step);
        string? missing = _columns.Settings.MissingValues == MissingInWindow.Keep ? null : StepReader.Missing(_columns, _step);
        if (missing is not null && _columns.Settings.MissingValues == MissingInWindow.Refuse)
            throw new InvalidOperationException(
                Invariant($"{missing}; expected finite values. WindowSequence skips windows with others if its missingValues is {nameof(MissingInWindow.Skip)}."));
        _current = _groups.Read();
        SeriesBuffer series = _series.Hear(_current, _append);
        return series.Held == _length && (_columns.Settings.MissingValues != MissingInWindow.Skip || FiniteNumbers.AreAll(series.Last(_length)));
    }

    public Delegate[] CreateGetters(DataViewRow input) =>
        [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(_series[_current].Last(_length), ref value))];

    /// <summary>The window, knowing the latest rows by the group value of their series, those heard of least recently first.</summary>
    public ITransformer Saved()
    {
        var rows = new Dictionary<string, RecentSeries>(_series.NotHeardOf);
        foreach (int i in _series.ByAge)
            rows[_groups.NameOf(i)] = new RecentSeries(_series[i].Last(_series[i].Held).ToArray(), _clock?.Latest(i));
        return _window.With(rows);
    }

    private void Append(SeriesBuffer series)
    {
        if (_clock?.Follows(_current, out _) == false)
            series.Clear();
        _step.CopyTo(series.Append());
    }

    private SeriesBuffer Restore(int current, RecentSeries? saved)
    {
        var series = new SeriesBuffer(_length, _columns.RowSize);
        float[] rows = saved?.Rows ?? [];
        for (int start = 0; start < rows.Length; start += _columns.RowSize)
            rows.AsSpan(start, _columns.RowSize).CopyTo(series.Append());
        _clock?.Restore(current, saved?.Time);
        return series;
    }
}
