using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>Columns in memory as a data view.</summary>
internal sealed class TableView : IDataView
{
    private readonly ColumnData[] _columns;
    private readonly int _count;

    /// <param name="columns">The columns, equally long.</param>
    public TableView(IEnumerable<ColumnData> columns)
    {
        _columns = [.. columns];
        _count = _columns[0].Count;
        var builder = new DataViewSchema.Builder();
        foreach (ColumnData column in _columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <summary>A column.</summary>
    public ColumnData this[string name] => _columns.First(column => column.Name == name);

    /// <inheritdoc/>
    public long? GetRowCount() => _count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, columnsNeeded);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly TableView _owner;
        private readonly bool[] _active;
        private int _row = -1;

        public Cursor(TableView owner, IEnumerable<DataViewSchema.Column> columns)
        {
            _owner = owner;
            _active = new bool[owner.Schema.Count];
            foreach (DataViewSchema.Column column in columns)
                _active[column.Index] = true;
        }

        public override long Position => _row;

        public override long Batch => 0;

        public override DataViewSchema Schema => _owner.Schema;

        public override bool MoveNext()
        {
            if (_row + 1 < _owner._count)
            {
                _row++;
                return true;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => !_active[column.Index]
            ? throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this cursor; expected one of those it was opened for.")
            : (ValueGetter<TValue>)_owner._columns[column.Index].CreateGetter(() => _row);
    }
}
