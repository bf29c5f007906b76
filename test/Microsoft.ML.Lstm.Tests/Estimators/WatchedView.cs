using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Estimators;

/// <summary>A data view that notes what is read of it.</summary>
internal sealed class WatchedView(IDataView source) : IDataView
{
    public int CursorsOpened { get; private set; }

    public int RowsRead { get; private set; }

    public HashSet<string> ColumnsAsked { get; } = [];

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        ColumnsAsked.UnionWith(columns.Select(c => c.Name));
        CursorsOpened++;
        return new Cursor(this, source.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(WatchedView owner, DataViewRowCursor source) : DataViewRowCursor
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext()
        {
            if (!source.MoveNext())
                return false;
            owner.RowsRead++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);
    }
}
