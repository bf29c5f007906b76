namespace Microsoft.ML.Data;

/// <summary>A row that reads whatever object was last put into it.</summary>
internal sealed class InputRow<TRow>(RowBinding<TRow> binding) : DataViewRow
    where TRow : class
{
    private readonly CurrentRow<TRow> _current = new();
    private long _position = -1;

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => binding.Schema;

    // A new position tells the mappers behind this row to compute anew.
    public void Take(TRow row)
    {
        _current.Value = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowGetters.Typed<TValue>(binding.CreateGetter(column.Index, _current), column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);
}
