using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        if (column.Index >= data.Schema.Count || data.Schema[column.Index].Name != column.Name
            || !data.Schema[column.Index].Type.Equals(column.Type))
            throw Contracts.ExceptParam(nameof(column), $"Column '{column}' at index {column.Index} cannot be found in the data");
        if (column.Type.RawType == typeof(T))
            return Values<T>(data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());
        if (typeof(T).IsArray && column.Type is VectorDataViewType vector)
        {
            if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
                return (IEnumerable<T>)Values<VBuffer<ReadOnlyMemory<char>>>(data, column)
                    .Select(buffer => buffer.DenseValues().Select(text => text.ToString()).ToArray());
            if (typeof(T).GetElementType() == vector.ItemType.RawType)
                return (IEnumerable<T>)((Func<IDataView, DataViewSchema.Column, object>)Arrays<int>).Method.GetGenericMethodDefinition()
                    .MakeGenericMethod(vector.ItemType.RawType).Invoke(null, [data, column]);
        }
        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<T> getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value;
        }
    }

    private static object Arrays<T>(IDataView data, DataViewSchema.Column column) =>
        Values<VBuffer<T>>(data, column).Select(buffer =>
        {
            var array = new T[buffer.Length];
            buffer.CopyTo(array);
            return array;
        });
}
