using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The objects of an enumeration as rows; each cursor enumerates anew.</summary>
internal sealed class EnumerableDataView<TRow>(IEnumerable<TRow> data, RowBinding<TRow> binding) : IDataView
    where TRow : class
{
    public DataViewSchema Schema => binding.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => (data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(data.GetEnumerator(), binding, RowGetters.ActiveColumns(Schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(IEnumerator<TRow> rows, RowBinding<TRow> binding, bool[] active) : DataViewRowCursor
    {
        private readonly CurrentRow<TRow> _current = new();
        private const long Ended = long.MinValue;

        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => binding.Schema;

        public override bool MoveNext()
        {
            if (_position == Ended || !rows.MoveNext())
            {
                Dispose();
                return false;
            }
            _current.Value = rows.Current ?? throw Contracts.Except("Encountered null when iterating over data, this is not supported.");
            _position++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            this.CheckActive(column);
            return RowGetters.Typed<TValue>(binding.CreateGetter(column.Index, _current), column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        protected override void Dispose(bool disposing)
        {
            if (_position == Ended)
                return;
            _position = Ended;
            rows.Dispose();
        }
    }
}
