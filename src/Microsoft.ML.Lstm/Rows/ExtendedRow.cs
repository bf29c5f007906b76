using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>A row with columns added at its end.</summary>
/// <param name="input">The row before; its columns come first.</param>
/// <param name="schema">The schema of both.</param>
/// <param name="active">Which columns were asked for.</param>
/// <param name="added">Getters of the added columns; empty if none was asked for.</param>
internal sealed class ExtendedRow(DataViewRow input, DataViewSchema schema, bool[] active, Delegate[] added) : DataViewRow
{
    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Getters.RequireActive(this, column);
        int own = column.Index - input.Schema.Count;
        return own < 0 ? input.GetGetter<TValue>(input.Schema[column.Index]) : Getters.As<TValue>(added[own], column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
    }
}
