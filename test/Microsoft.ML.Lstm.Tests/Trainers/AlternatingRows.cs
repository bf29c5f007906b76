using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>The first two rows of a view in turn, again and again, which costs nothing by itself.</summary>
internal sealed class AlternatingRows(IDataView source) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), source.GetRowCursor(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor first, DataViewRowCursor second) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema => first.Schema;

        public override bool MoveNext() => ++_position > 0 || (first.MoveNext() && second.MoveNext() && second.MoveNext());

        public override bool IsColumnActive(DataViewSchema.Column column) => first.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => first.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> ofFirst = first.GetGetter<TValue>(column), ofSecond = second.GetGetter<TValue>(column);
            return (ref TValue value) => (_position % 2 == 0 ? ofFirst : ofSecond)(ref value);
        }

        protected override void Dispose(bool disposing)
        {
            if (!disposing)
                return;
            first.Dispose();
            second.Dispose();
        }
    }
}
