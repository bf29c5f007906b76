using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Walks over the rows of a view, with the forecast of each.</summary>
/// <param name="source">The rows.</param>
/// <param name="schema">Their schema with the forecasts' columns.</param>
/// <param name="active">Which columns were asked for.</param>
/// <param name="rows">The forecasts; null if none was asked for.</param>
internal sealed class ForecastCursor(DataViewRowCursor source, DataViewSchema schema, bool[] active, ForecastRows? rows) : DataViewRowCursor
{
    private SeriesForecast[] _block = [];
    private long _row = -1, _blockStart;
    private int _targets = 1;

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
        int own = column.Index - source.Schema.Count;
        if (own < 0)
            return source.GetGetter<TValue>(source.Schema[column.Index]);
        int size = ((VectorDataViewType)column.Type).Size;
        return Getters.As<TValue>((ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(own, size, ref value)), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
    }

    private void Write(int output, int size, ref VBuffer<float> value)
    {
        if (_row >= _blockStart + (_block.Length / _targets) || _row < _blockStart || _block.Length == 0)
        {
            _block = rows!.Block(_row);
            _blockStart = _row;
            _targets = rows.TargetCount;
        }
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, size);
        int horizon = size / _targets;
        for (int target = 0; target < _targets; target++)
        {
            SeriesForecast forecast = _block[((int)(_row - _blockStart) * _targets) + target];
            float[]? values = output switch { 0 => forecast.Values, 1 => forecast.Lower, _ => forecast.Upper };
            Span<float> to = editor.Values.Slice(target * horizon, horizon);
            if (values is { Length: > 0 })
                values.CopyTo(to);
            else
                to.Fill(float.NaN);
        }
        value = editor.Commit();
    }
}
