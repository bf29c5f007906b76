namespace Microsoft.ML.Data;

/// <summary>The rows of another data view that pass a test, which may read columns of its own.</summary>
internal sealed class FilteredDataView(IDataView source, DataViewSchema.Column[] tested, FilteredDataView.CreateTest createTest) : IDataView
{
    /// <summary>Makes the test of a cursor; it is asked once per row, in order.</summary>
    public delegate Func<bool> CreateTest(DataViewRow row);

    public DataViewSchema Schema => source.Schema;

    // A test may count rows or draw a number per row, so the order must stay.
    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        DataViewRowCursor cursor = source.GetRowCursor(needed.Concat(tested).DistinctBy(c => c.Index));
        return new Cursor(cursor, createTest(cursor), RowGetters.ActiveColumns(Schema, needed));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, Func<bool> test, bool[] active) : DataViewRowCursor
    {
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (input.MoveNext())
            {
                if (!test())
                    continue;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            this.CheckActive(column);
            return input.GetGetter<TValue>(column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        protected override void Dispose(bool disposing) => input.Dispose();
    }
}
