namespace Microsoft.ML.Data;

internal sealed class TextDataView(DataViewSchema schema, TextColumn[] columns, TextFormat format, IMultiStreamSource source) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(schema, columns, format, TextLines.ReadRows(source, format).GetEnumerator(),
            RowGetters.ActiveColumns(schema, columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly DataViewSchema _schema;
        private readonly IEnumerator<(long Number, string Text)> _lines;
        private readonly FieldSplitter _splitter;
        private readonly TextField[] _fields;
        private long _position = -1;

        public Cursor(DataViewSchema schema, TextColumn[] columns, TextFormat format, IEnumerator<(long, string)> lines, bool[] active)
        {
            _schema = schema;
            _lines = lines;
            _splitter = new FieldSplitter(format);
            _fields = [.. columns.Select((c, i) => active[i] ? TextField.Create(c, format) : null)];
        }

        public override DataViewSchema Schema => _schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (!_lines.MoveNext())
            {
                _position = -1;
                return false;
            }
            _position++;
            _splitter.Split(_lines.Current.Text);
            try
            {
                foreach (TextField field in _fields)
                    field?.Read(_splitter, _lines.Current.Number);
            }
            catch (InvalidOperationException e)
            {
                throw new FormatException($"Parsing failed with an exception: {e.Message}", e);
            }
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _fields[column.Index] is not null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            this.CheckActive(column);
            return RowGetters.Typed<TValue>(_fields[column.Index].Getter, column);
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        protected override void Dispose(bool disposing)
        {
            _lines.Dispose();
            base.Dispose(disposing);
        }
    }
}
