namespace Microsoft.ML.Lstm.Rows;

/// <summary>A data view with columns added, computed when they are asked for: row by row, or for some rows ahead at once.</summary>
internal sealed class ExtendedDataView(IDataView source, ExtensionMapper mapper) : IDataView
{
    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Extend(source.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    // One for each thread of the caller; each has scratch buffers of its own.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(mapper.GetDependencies(columns), n, rand).Select(cursor => Extend(cursor, columns))];
    }

    private DataViewRowCursor Extend(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        bool canBuffer = Array.TrueForAll(columns, column => column.Index >= source.Schema.Count || BufferedColumn.CanBuffer(column.Type));
        return canBuffer && mapper.CreateBlock(cursor, columns) is { } block
            ? new ReadAheadCursor(cursor, mapper, columns, block)
            : new ExtendedCursor(cursor, mapper.Extend(cursor, columns));
    }
}
