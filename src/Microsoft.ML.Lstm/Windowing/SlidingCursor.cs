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
    private readonly NumberReader[] _inputs;
    private readonly NumberReader? _label;
    private readonly IDelayLine?[] _delayed;
    private readonly List<(SeriesBuffer Inputs, SeriesBuffer Label)> _series = [];
    private int _current;
    private long _position = -1;

    public SlidingCursor(WindowColumns columns, DataViewRowCursor source, DataViewSchema schema, bool[] active)
    {
        (_columns, _settings, _source, Schema, _active) = (columns, columns.Settings, source, schema, active);
        int window = source.Schema.Count;
        _groups = new GroupReader(source, _settings.GroupColumnName is { } group ? source.Schema[group] : null);
        _inputs = active[window] ? [.. _settings.InputColumnNames.Select(Reader)] : [];
        _label = window + 1 < active.Length && active[window + 1] ? Reader(_settings.LabelSource) : null;
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
            long rows = Take();
            if (rows < _settings.Span || (rows - _settings.Span) % _settings.Stride != 0)
                continue;
            _position++;
            return true;
        }
        RequireAnyWindow();
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(this, column);
        int own = column.Index - _source.Schema.Count;
        if (own < 0 && _delayed[column.Index] is null)
            return _source.GetGetter<TValue>(_source.Schema[column.Index]);
        Delegate getter = own < 0 ? _delayed[column.Index]!.Getter
            : own == 0 ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(Window(), ref value))
            : _settings.Horizon == 1 ? (ValueGetter<float>)((ref float value) => value = Label()[0])
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(Label(), ref value));
        return Getters.As<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();
    }

    private NumberReader Reader(string column) => new(_source, _source.Schema[column]);

    private ReadOnlySpan<float> Window() => _series[_current].Inputs.Last(_settings.WindowLength, _settings.Horizon);

    private ReadOnlySpan<float> Label() => _series[_current].Label.Last(_settings.Horizon);

    // Takes the source's row into its series; returns how many rows that has.
    private long Take()
    {
        _current = _groups.Read();
        if (_current == _series.Count)
            _series.Add((new SeriesBuffer(_settings.Span, _inputs.Length), new SeriesBuffer(Math.Max(1, _settings.Horizon), _label is null ? 0 : 1)));
        (SeriesBuffer inputs, SeriesBuffer label) = _series[_current];
        Span<float> row = inputs.Append();
        for (int i = 0; i < _inputs.Length; i++)
            row[i] = _inputs[i].Read()[0];
        if (_label is not null)
            label.Append()[0] = _label.Read()[0];
        foreach (IDelayLine? delayed in _delayed)
            delayed?.Record(_current, inputs.Count);
        return inputs.Count;
    }

    // No window at all is a mistake in the geometry; some series too short for one is not.
    private void RequireAnyWindow()
    {
        if (_position >= 0 || _series.Count == 0)
            return;
        long longest = _series.Max(s => s.Inputs.Count);
        string parts = _settings.Horizon > 0 ? Invariant($" ({_settings.WindowLength}) plus horizon ({_settings.Horizon})") : "";
        throw _columns.Context.Process(new InvalidOperationException(
            Invariant($"The longest series of column '{_settings.InputColumnNames[0]}' has {Plural.Of(longest, "row")}; expected at least {_settings.Span}, the window length{parts}.")));
    }
}
