using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Anomalies;

/// <summary>A data view whose rows have their scores. The series are read when a cursor first needs a score, and held for the view's life.</summary>
internal sealed class AnomalyDataView : IDataView
{
    private readonly Lazy<AnomalyRows> _rows;
    private readonly IDataView _source;

    public AnomalyDataView(LstmAnomalyDetectionTransformer transformer, IDataView source, DataViewSchema schema)
    {
        (_source, Schema) = (source, schema);
        _rows = new Lazy<AnomalyRows>(() => AnomalyRows.Read(transformer.Context, transformer.Model, transformer.Settings, source));
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        DataViewRowCursor cursor = _source.GetRowCursor(_source.Schema.Where(column => active[column.Index]));
        return new AnomalyCursor(cursor, Schema, active, active[^1] ? _rows.Value : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    /// <summary>Walks over the rows, with the scores of each.</summary>
    private sealed class AnomalyCursor(DataViewRowCursor source, DataViewSchema schema, bool[] active, AnomalyRows? rows) : DataViewRowCursor
    {
        private double[][] _block = [];
        private long _row = -1, _blockStart;

        public override DataViewSchema Schema => schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool MoveNext()
        {
            if (!source.MoveNext())
                return false;
            _row++;
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Getters.RequireActive(this, column);
            return column.Index < source.Schema.Count
                ? source.GetGetter<TValue>(source.Schema[column.Index])
                : Getters.As<TValue>((ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) => VectorValue.Set<double>(Scores(), ref value)), column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();
        }

        private double[] Scores()
        {
            if (_row >= _blockStart + _block.Length || _row < _blockStart)
            {
                _block = rows!.Block(_row);
                _blockStart = _row;
            }
            return _block[_row - _blockStart];
        }
    }
}
