using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row of the output schema over a row of the input schema.</summary>
internal sealed class MappedRow(DataViewSchema schema, DataViewRow input, bool[] active, Delegate[] added) : DataViewRow
{
    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < active.Length, nameof(column));
        return active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.Check(IsColumnActive(column), $"Column '{column.Name}' is not active.");
        int first = input.Schema.Count;
        if (column.Index < first)
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        return added[column.Index - first] as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue: '{typeof(TValue)}' for column '{column.Name}' of type {column.Type}");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
