using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>A data view whose rows have the forecasts of the rows that follow them. The series are read when a cursor first needs a forecast, and held for the view's life.</summary>
internal sealed class ForecastDataView : IDataView
{
    private readonly Lazy<ForecastRows> _rows;
    private readonly IDataView _source;

    public ForecastDataView(IHost host, LstmForecastingTransformer transformer, IDataView source, DataViewSchema schema)
    {
        (_source, Schema) = (source, schema);
        _rows = new Lazy<ForecastRows>(() => ForecastRows.Read(host, transformer, source));
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            active[column.Index] = true;
        int own = _source.Schema.Count;
        DataViewRowCursor cursor = _source.GetRowCursor(_source.Schema.Where(column => active[column.Index]));
        return new ForecastCursor(cursor, Schema, active, active.AsSpan(own).Contains(true) ? _rows.Value : null);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];
}
