using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Moves over the source until a window and its label are complete in the series of the row it has come to.</summary>
internal sealed class SlidingCursor : DataViewRowCursor
{
    private readonly WindowColumns _columns;
    private readonly WindowSettings _settings;
    private readonly DataViewRowCursor _source;
    private readonly bool[] _active;
    private readonly GroupReader _groups;
    private readonly SeriesClock? _clock;
    private readonly StepReader? _inputs;
    private readonly NumberReader[] _labels;
    private readonly IDelayLine?[] _delayed;
    private readonly List<SlidingSeries> _series = [];
    private readonly WindowTally _tally;
    private readonly Func<bool> _isFirstReport;
    private SlidingSeries? _current;
    private long _position = -1;

    /// <param name="columns">The window.</param>
    /// <param name="source">The rows; what the window needs is active.</param>
    /// <param name="schema">The schema that comes out.</param>
    /// <param name="active">Which of its columns were asked for.</param>
    /// <param name="isFirstReport">Asked at the end: whether what was left out is to be said.</param>
    public SlidingCursor(WindowColumns columns, DataViewRowCursor source, DataViewSchema schema, bool[] active, Func<bool> isFirstReport)
    {
        (_columns, _settings, _source, Schema, _active, _isFirstReport) = (columns, columns.Settings, source, schema, active, isFirstReport);
        int window = source.Schema.Count;
        bool readsAll = _settings.MissingValues == MissingInWindow.Skip;
        _groups = new GroupReader(source, _settings.GroupColumnName is { } group ? source.Schema[group] : null);
        _clock = _settings.TimeColumnName is null ? null : new SeriesClock(columns.Host, source, _settings, _groups);
        _tally = new WindowTally(columns, _groups);
        _inputs = active[window] || readsAll ? new StepReader(source, columns) : null;
        bool readsLabel = window + 1 < active.Length && (active[window + 1] || readsAll);
        _labels = readsLabel ? [.. _settings.LabelSources.Select(name => new NumberReader(source, source.Schema[name]))] : [];
        _delayed = new IDelayLine?[window];
        for (int i = 0; i < window && _settings.Horizon > 0; i++)
            if (active[i])
                _delayed[i] = DelayLine.Open(source, source.Schema[i], _settings.Horizon);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => _source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    // The row that completed the window completes no other, so its identity is the window's.
    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    public override bool MoveNext()
    {
        while (_source.MoveNext())
        {
            Take();
            if (!_tally.Completes(_current!))
                continue;
            _position++;
            return true;
        }
        _tally.RequireAny(_series);
        if (_isFirstReport())
            _tally.Report(_series);
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(this, column);
        int own = column.Index - _source.Schema.Count;
        if (own < 0 && _delayed[column.Index] is null)
            return _source.GetGetter<TValue>(_source.Schema[column.Index]);
        Delegate getter = own < 0 ? _delayed[column.Index]!.Getter
            : own == 0 ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(_current!.Inputs.Last(_settings.WindowLength, _settings.Horizon), ref value))
            : _settings.LabelSize == 1 ? (ValueGetter<float>)((ref float value) => value = _current!.Label.Last(1)[0])
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(_current!.Label.Last(_settings.Horizon), ref value));
        return Getters.As<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
    }

    // Takes the source's row into its series.
    private void Take()
    {
        int series = _groups.Read();
        if (series == _series.Count)
            _series.Add(new SlidingSeries(_settings, _inputs is null ? 0 : _columns.RowSize, _labels.Length));
        _current = _series[series];
        bool follows = true;
        if (_clock is not null && !(follows = _clock.Follows(series, out string hole)))
            _tally.Hole(hole);
        Span<float> step = _current.Inputs.Append();
        _inputs?.Read(step);
        Span<float> label = _current.Label.Append();
        for (int i = 0; i < label.Length; i++)
            label[i] = _labels[i].Read()[0];
        bool missingInput = _settings.MissingValues != MissingInWindow.Keep && Misses(StepReader.Missing(_columns, step), series);
        bool missingLabel = _settings.MissingValues != MissingInWindow.Keep && Misses(MissingLabel(label), series);
        _current.Note(follows, missingInput, missingLabel);
        foreach (IDelayLine? delayed in _delayed)
            delayed?.Record(series, _current.Inputs.Count);
    }

    private string? MissingLabel(ReadOnlySpan<float> label)
    {
        for (int i = 0; i < label.Length; i++)
            if (!float.IsFinite(label[i]))
                return Invariant($"Column '{_settings.LabelSources[i]}' has {label[i]}");
        return null;
    }

    private bool Misses(string? what, int series)
    {
        if (what is null)
            return false;
        what = Invariant($"{what} in row {_source.Position}{_groups.Of(series)}");
        if (_settings.MissingValues == MissingInWindow.Refuse)
            throw _columns.Host.Process(new InvalidOperationException(
                Invariant($"{what}; expected finite values. WindowSequence leaves out windows with others if missingValues is {nameof(MissingInWindow.Skip)}; ReplaceMissingValues ")
                + "before it fills them in. FilterRowsByMissingValues before it would join what is on both sides of them."));
        _tally.Missing(what);
        return true;
    }
}
