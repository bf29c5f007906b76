using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Reads a column whose type is known only at run time, as objects. For cold paths.</summary>
internal static class ValueReader
{
    public static Func<object> Create(DataViewRow row, DataViewSchema.Column column) =>
        (Func<object>)typeof(ValueReader).GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)
            .MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column]);

    public static string ToText(object value) => value switch
    {
        ReadOnlyMemory<char> text => text.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => string.Join('\n', items.Cast<object>().Select(ToText)),
        _ => value.ToString(),
    };

    private static Func<object> CreateTyped<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }
}
