using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The rows of a data view that hold, in their order; rows are told by their place.</summary>
/// <param name="source">The rows.</param>
/// <param name="holds">Whether a row is among them, by its place in <paramref name="source"/>.</param>
internal sealed class RowSelectionView(IDataView source, Func<int, bool> holds) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded), holds);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    /// <summary>The places of the rows.</summary>
    public IEnumerable<int> SelectedRows()
    {
        using DataViewRowCursor cursor = source.GetRowCursor([]);
        for (int row = 0; cursor.MoveNext(); row++)
            if (holds(row))
                yield return row;
    }

    private sealed class Cursor(DataViewRowCursor input, Func<int, bool> holds) : DataViewRowCursor
    {
        private int _next;
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (input.MoveNext())
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
