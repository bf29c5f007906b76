using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>A row, as it is each time its cursor is moved: lets ML.NET fill an object from it, one at a time.</summary>
internal sealed class CurrentRowView(DataViewRow row) : IDataView
{
    public DataViewSchema Schema => row.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(row);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [new Cursor(row)];

    // The row belongs to the engine, so the cursor does not dispose of it.
    private sealed class Cursor(DataViewRow row) : DataViewRowCursor
    {
        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override DataViewSchema Schema => row.Schema;

        public override bool MoveNext() => true;

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);
    }
}
