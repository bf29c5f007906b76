namespace Microsoft.ML.Data;

/// <summary>Keeps in memory what was once read of another data view; a column is read when first asked for.</summary>
internal sealed class CacheDataView(IDataView source) : IDataView
{
    private readonly CachedColumn[] _columns = new CachedColumn[source.Schema.Count];
    private readonly Lock _reading = new();
    private long? _rowCount;

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => _rowCount ?? source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        bool[] active = RowGetters.ActiveColumns(Schema, columnsNeeded);
        int rowCount = Read(active);
        int[] order = [.. Enumerable.Range(0, rowCount)];
        rand?.Shuffle(order);
        return new Cursor(this, active, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private int Read(bool[] active)
    {
        lock (_reading)
        {
            DataViewSchema.Column[] missing = [.. Schema.Where(c => active[c.Index] && _columns[c.Index] is null)];
            if (missing.Length == 0 && _rowCount is long known)
                return checked((int)known);
            using DataViewRowCursor cursor = source.GetRowCursor(missing);
            CachedColumn[] columns = [.. missing.Select(c => CachedColumn.Create(cursor, c))];
            int count = 0;
            for (; cursor.MoveNext(); count++)
            {
                foreach (CachedColumn column in columns)
                    column.Add();
            }
            for (int i = 0; i < missing.Length; i++)
                _columns[missing[i].Index] = columns[i];
            _rowCount = count;
            return count;
        }
    }

    private sealed class Cursor(CacheDataView parent, bool[] active, int[] order) : DataViewRowCursor, CachedColumn.IRow
    {
        private int _position = -1;

        public int Row => order[_position];

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => parent.Schema;

        public override bool MoveNext()
        {
            bool moved = _position >= -1 && _position + 1 < order.Length;
            _position = moved ? _position + 1 : -2;
            return moved;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            this.CheckActive(column);
            return RowGetters.Typed<TValue>(parent._columns[column.Index].Getter(this), column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 0);
    }
}
