namespace Microsoft.ML.Data;

/// <summary>The rows of a source, each mapped when it is read.</summary>
internal sealed class MappedDataView(IDataView source, IRowToRowMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Map(source.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(mapper.GetDependencies(columns), n, rand).Select(c => Map(c, columns))];
    }

    private MappedCursor Map(DataViewRowCursor input, DataViewSchema.Column[] columns) => new(input, mapper.GetRow(input, columns));
}
