namespace Microsoft.ML.Data;

/// <summary>Moves the input cursor on and shows the mapped row over it.</summary>
internal sealed class MappedCursor(DataViewRowCursor input, DataViewRow mapped) : DataViewRowCursor
{
    public override DataViewSchema Schema => mapped.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => mapped.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => mapped.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            mapped.Dispose();
        base.Dispose(disposing);
    }
}
