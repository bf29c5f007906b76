using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// Windows that slide over the rows of a data view: one row for each complete window, with what the other columns hold in the window's last
/// row. Lazy: rows are read once, in their order, as the cursor moves.
/// </summary>
internal sealed class SlidingDataView(WindowColumns columns, IDataView source) : IDataView
{
    private readonly WindowSettings _settings = columns.Settings;

    public DataViewSchema Schema { get; } = ExtensionMapper.Extend(source.Schema, columns.WindowAndLabel());

    public bool CanShuffle => false;

    // How many rows each group has is known only by reading them.
    public long? GetRowCount() => _settings.GroupColumnName is null && source.GetRowCount() is { } rows
        ? rows < _settings.Span ? 0 : (rows - _settings.Span) / _settings.Stride + 1
        : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        bool[] needed = [.. active.Take(source.Schema.Count)];
        int window = source.Schema.Count;
        if (active[window])
            foreach (string name in _settings.InputColumnNames)
                needed[source.Schema[name].Index] = true;
        if (window + 1 < active.Length && active[window + 1])
            needed[source.Schema[_settings.LabelSource].Index] = true;
        if (_settings.GroupColumnName is { } group)
            needed[source.Schema[group].Index] = true;
        return new SlidingCursor(columns, source.GetRowCursor(source.Schema.Where(c => needed[c.Index])), Schema, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
