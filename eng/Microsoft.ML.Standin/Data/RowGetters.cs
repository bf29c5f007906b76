using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The checks that every cursor makes before it hands out a getter.</summary>
internal static class RowGetters
{
    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue>
        ?? throw Contracts.Except(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");

    public static void CheckActive(this DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
            throw Contracts.ExceptParam(nameof(column), $"Column '{column.Name}' is not active in this cursor.");
    }

    /// <summary>Per column of the schema, whether a cursor was asked for it.</summary>
    public static bool[] ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
                throw Contracts.ExceptParam(nameof(columnsNeeded),
                    $"Column '{column.Name}' is not one of this data's {schema.Count} columns.");
            active[column.Index] = true;
        }
        return active;
    }
}
