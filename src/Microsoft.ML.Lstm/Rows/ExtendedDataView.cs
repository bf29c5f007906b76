using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>A data view with columns added, computed when they are asked for: row by row, or for some rows ahead at once.</summary>
/// <param name="transformer">The name of the transformer that adds them.</param>
/// <param name="source">The rows before.</param>
/// <param name="mapper">What is added.</param>
internal sealed class ExtendedDataView(string transformer, IDataView source, ExtensionMapper mapper) : ConvertibleDataView(transformer, source)
{
    private readonly IDataView _source = source;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override bool CanShuffle => _source.CanShuffle;

    public override long? GetRowCount() => _source.GetRowCount();

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return Extend(_source.GetRowCursor(mapper.GetDependencies(columns), rand), columns);
    }

    // One for each thread of the caller; each has scratch buffers of its own.
    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. _source.GetRowCursorSet(mapper.GetDependencies(columns), n, rand).Select(cursor => Extend(cursor, columns))];
    }

    private DataViewRowCursor Extend(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        bool canBuffer = Array.TrueForAll(columns, column => column.Index >= _source.Schema.Count || BufferedColumn.CanBuffer(column.Type));
        return canBuffer && mapper.CreateBlock(cursor, columns) is { } block
            ? new ReadAheadCursor(cursor, mapper, columns, block)
            : new ExtendedCursor(cursor, mapper.Extend(cursor, columns));
    }

    protected override void Convert(OnnxConversion conversion) => mapper.Convert(conversion);
}
