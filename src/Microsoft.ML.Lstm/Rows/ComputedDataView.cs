namespace Microsoft.ML.Lstm.Rows;

/// <summary>A data view with computed columns. What they are computed from is read when a cursor first needs it, and held for the view's life.</summary>
/// <typeparam name="T">What is computed of a row.</typeparam>
/// <param name="source">The rows.</param>
/// <param name="schema">Their schema with the columns at its end.</param>
/// <param name="read">Reads what the columns are computed from.</param>
internal sealed class ComputedDataView<T>(IDataView source, DataViewSchema schema, Func<IComputedColumns<T>> read) : IDataView
{
    private readonly Lazy<IComputedColumns<T>> _columns = new(read);

    public DataViewSchema Schema => schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        DataViewRowCursor cursor = source.GetRowCursor(source.Schema.Where(column => active[column.Index]));
        return new ComputedCursor<T>(cursor, Schema, active, active.AsSpan(source.Schema.Count).Contains(true) ? _columns.Value : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];
}
