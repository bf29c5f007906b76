using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>The rows of a data view that hold, in their order; rows are told by their place.</summary>
/// <param name="source">The rows.</param>
/// <param name="holds">Whether a row is among them, by its place in <paramref name="source"/>.</param>
/// <param name="end">The place from which on none is, so that nothing is read from there; null: the end of <paramref name="source"/>.</param>
/// <param name="count">How many they are; null: not known.</param>
internal sealed class RowSelectionView(IDataView source, Func<long, bool> holds, long? end = null, long? count = null) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    // Rows are told by their place, so the order must stay.
    public bool CanShuffle => false;

    public long? GetRowCount() => count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded), holds, end ?? long.MaxValue);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    /// <summary>The places of the rows.</summary>
    public IEnumerable<int> SelectedRows()
    {
        using DataViewRowCursor cursor = source.GetRowCursor([]);
        for (int row = 0; cursor.MoveNext(); row++)
            if (holds(row))
                yield return row;
    }

    private sealed class Cursor(DataViewRowCursor input, Func<long, bool> holds, long end) : DataViewRowCursor
    {
        private long _next;
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (_next < end && input.MoveNext())
            {
                if (!holds(_next++))
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
