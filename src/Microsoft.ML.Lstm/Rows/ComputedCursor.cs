using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Walks over the rows of a view, with computed columns.</summary>
/// <typeparam name="T">What is computed of a row.</typeparam>
/// <param name="source">The rows.</param>
/// <param name="schema">Their schema with the columns at its end.</param>
/// <param name="active">Which columns were asked for.</param>
/// <param name="columns">What computes them; null if none was asked for.</param>
internal sealed class ComputedCursor<T>(DataViewRowCursor source, DataViewSchema schema, bool[] active, IComputedColumns<T>? columns) : DataViewRowCursor
{
    private T[] _block = [];
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
        int own = column.Index - source.Schema.Count;
        return own < 0
            ? source.GetGetter<TValue>(source.Schema[column.Index])
            : Getters.As<TValue>(columns!.CreateGetter(own, column.Type, Row), column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
    }

    private T Row()
    {
        if (_row >= _blockStart + _block.Length || _row < _blockStart)
        {
            _block = columns!.Block(_row);
            _blockStart = _row;
        }
        return _block[_row - _blockStart];
    }
}
