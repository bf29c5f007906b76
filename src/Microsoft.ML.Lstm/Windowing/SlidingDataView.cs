using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// Windows that slide over the rows of a data view: one row for each complete window, with what the other columns hold in the window's last
/// row. Lazy: rows are read once, in their order, as the cursor moves.
/// </summary>
internal sealed class SlidingDataView(WindowColumns columns, IDataView source) : IDataView
{
    private readonly WindowSettings _settings = columns.Settings;
    private bool _isReported;

    public DataViewSchema Schema { get; } = ExtensionMapper.Extend(source.Schema, columns.WindowAndLabel());

    public bool CanShuffle => false;

    // How many rows each group has, and where rows or values are missing, is known only by reading them.
    public long? GetRowCount() =>
        _settings is { GroupColumnName: null, TimeColumnName: null, MissingValues: not MissingInWindow.Skip } && source.GetRowCount() is { } rows
            ? rows < _settings.Span ? 0 : (rows - _settings.Span) / _settings.Stride + 1
            : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        bool[] needed = [.. active.Take(source.Schema.Count)];
        foreach (string name in Needed(active))
            needed[source.Schema[name].Index] = true;
        return new SlidingCursor(columns, source.GetRowCursor(source.Schema.Where(c => needed[c.Index])), Schema, active, IsFirstReport);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private IEnumerable<string> Needed(bool[] active)
    {
        int window = source.Schema.Count;
        bool readsAll = _settings.MissingValues == MissingInWindow.Skip;
        if (active[window] || readsAll)
            foreach (string name in _settings.InputColumnNames)
                yield return name;
        if (window + 1 < active.Length && (active[window + 1] || readsAll))
            foreach (string name in _settings.LabelSources)
                yield return name;
        if (_settings.GroupColumnName is { } group)
            yield return group;
        if (_settings.TimeColumnName is { } time)
            yield return time;
    }

    private bool IsFirstReport() => !Interlocked.Exchange(ref _isReported, true);
}
