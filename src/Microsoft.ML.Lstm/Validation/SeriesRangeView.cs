using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>Of each series of a data view the rows of a range, in the order in which they are there.</summary>
/// <param name="source">The rows.</param>
/// <param name="group">Name of the column that tells series apart; null: all rows are one.</param>
/// <param name="ranges">First row and the one after the last, counted within the series, of each series in the order in which they appear.</param>
internal sealed class SeriesRangeView(IDataView source, string? group, IReadOnlyList<(long First, long End)> ranges) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    // Rows are told by their place, so the order must stay.
    public bool CanShuffle => false;

    public long? GetRowCount() => ranges.Sum(r => r.End - r.First);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        DataViewSchema.Column? series = group is null ? null : Schema[group];
        return new Cursor(source.GetRowCursor(Schema.Where(c => active[c.Index] || c.Index == series?.Index)), series, ranges, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column? group, IReadOnlyList<(long First, long End)> ranges, bool[] active) : DataViewRowCursor
    {
        private readonly GroupReader _groups = new(input, group);
        private readonly long[] _seen = new long[ranges.Count];
        private long _left = ranges.Sum(r => r.End - r.First);
        private long _position = -1;

        public override long Position => _position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => input.Schema;

        public override bool MoveNext()
        {
            while (_left > 0 && input.MoveNext())
            {
                int series = _groups.Read();
                if (series >= ranges.Count)
                    continue;
                long row = _seen[series]++;
                if (row < ranges[series].First || row >= ranges[series].End)
                    continue;
                _left--;
                _position++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Getters.RequireActive(this, column);
            return input.GetGetter<TValue>(column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
        }
    }
}
