using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Reads labels and predictions as texts: keys as what they stand for, Booleans as True and False; each step of a
/// vector.</summary>
internal sealed class ClassTexts
{
    private readonly Func<string?[]> _read;

    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public ClassTexts(IExceptionContext context, DataViewRow row, DataViewSchema.Column column, string role)
    {
        _read = column.Type switch
        {
            BooleanDataViewType => Of<bool>(row, column, value => value.ToString()),
            TextDataViewType => Of<ReadOnlyMemory<char>>(row, column, value => value.ToString()),
            KeyDataViewType key => Key(context, row, column, role, key),
            VectorDataViewType { ItemType: KeyDataViewType key } => Keys(row, column, Names(context, column, role, key)),
            _ => throw SchemaMismatch.IllTyped(context, role, column.Name, "keys, Booleans or texts", column.Type.ToString()!),
        };
    }

    /// <summary>The classes of the current row: one, or one for each step; null where it is missing.</summary>
    public string?[] Read() => _read();

    private static Func<string?[]> Of<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> text)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return [text(value)];
        };
    }

    private static Func<string?[]> Key(IExceptionContext context, DataViewRow row, DataViewSchema.Column column, string role,
        KeyDataViewType key)
    {
        if (key.RawType != typeof(uint))
            throw SchemaMismatch.IllTyped(context, role, column.Name, "keys of UInt32, as MapValueToKey makes them",
                column.Type.ToString()!);
        string[] names = Names(context, column, role, key);
        ValueGetter<uint> getter = row.GetGetter<uint>(column);
        uint value = 0;
        return () =>
        {
            getter(ref value);
            return [value == 0 ? null : names[value - 1]];
        };
    }

    private static Func<string?[]> Keys(DataViewRow row, DataViewSchema.Column column, string[] names)
    {
        ITokenReader reader = TokenReader.Open(row, column);
        return () =>
        {
            ReadOnlySpan<int> keys = reader.Read();
            string?[] texts = new string?[keys.Length];
            for (int i = 0; i < keys.Length; i++)
                texts[i] = keys[i] == 0 ? null : names[keys[i] - 1];
            return texts;
        };
    }

    private static string[] Names(IExceptionContext context, DataViewSchema.Column column, string role, KeyDataViewType key) =>
        KeyValues.Of(context, role, column)?.Texts.ToArray()
            ?? [.. Enumerable.Range(1, KeyCardinality.Of(context, role, column, key)).Select(k => Invariant($"{k}"))];
}
