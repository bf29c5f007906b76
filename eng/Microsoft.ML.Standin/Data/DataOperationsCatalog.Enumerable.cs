using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(data, RowBinding<TRow>.ForReading(schemaDefinition));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(data, RowBinding<TRow>.ForReading(RowBinding<TRow>.Define(_env, schema)));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        RowBinding<TRow> binding = RowBinding<TRow>.ForWriting(schemaDefinition);
        // Matched here, not in the iterator: a missing column is reported at the call, not at the first row.
        DataViewSchema.Column[] columns = binding.Match(data.Schema, ignoreMissingColumns);
        return Enumerate(data, binding, columns, reuseRowObject, ignoreMissingColumns);
    }

    private static IEnumerable<TRow> Enumerate<TRow>(
        IDataView data, RowBinding<TRow> binding, DataViewSchema.Column[] columns, bool reuseRowObject, bool ignoreMissingColumns)
        where TRow : class, new()
    {
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Action<TRow> fill = binding.CreateFiller(cursor, ignoreMissingColumns);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (row is null || !reuseRowObject)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
