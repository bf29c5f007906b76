using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>A block of a data view's rows, or all rows but those, in their order.</summary>
/// <param name="source">The data view.</param>
/// <param name="first">The block's first row.</param>
/// <param name="end">The row after its last.</param>
/// <param name="isInside">Whether the block's rows are meant, or the others.</param>
internal sealed class RowBlockView(IDataView source, long first, long end, bool isInside) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    // Rows are told by their place, so the order must stay.
    public bool CanShuffle => false;

    public long? GetRowCount() => isInside ? end - first : source.GetRowCount() - (end - first);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded), this);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private bool Has(long row) => (first <= row && row < end) == isInside;

    private bool IsPast(long row) => isInside && row >= end;

    private sealed class Cursor(DataViewRowCursor input, RowBlockView owner) : DataViewRowCursor
    {
        private long _next;
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (!owner.IsPast(_next) && input.MoveNext())
            {
                if (!owner.Has(_next++))
                    continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
        }
    }
}
