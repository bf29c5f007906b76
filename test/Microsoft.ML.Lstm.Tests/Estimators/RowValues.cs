using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Estimators;

/// <summary>Reads rows of columns whose types are known only at run time.</summary>
internal static class RowValues
{
    /// <summary>All rows of these columns (all visible ones if none is named), each value as text that tells every bit.</summary>
    public static string[] Read(IDataView data, params string[] columns)
    {
        DataViewSchema.Column[] chosen = [.. data.Schema.Where(c => !c.IsHidden && (columns.Length == 0 || columns.Contains(c.Name)))];
        using DataViewRowCursor cursor = data.GetRowCursor(chosen);
        return Read(cursor, chosen);
    }

    /// <summary>All rows of a cursor.</summary>
    public static string[] Read(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        Func<string>[] readers = [.. columns.Select(c => Reader(cursor, c))];
        var rows = new List<string>();
        while (cursor.MoveNext())
            rows.Add(string.Join(" | ", readers.Select(read => read())));
        return [.. rows];
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)typeof(RowValues).GetMethod(column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType).Invoke(null, [row, column])!;

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(",", value.DenseValues().Select(Text));
        };
    }

    private static string Text<T>(T value) => value is float number ? number.ToString("R") : value?.ToString() ?? "null";
}
