using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds the columns an evaluator reads, and reads labels as numbers.</summary>
internal static class EvaluationColumns
{
    public static DataViewSchema.Column Find(IDataView data, string role, string name) => data.Schema.GetColumnOrNull(name)
        ?? throw Contracts.ExceptParam("schema", $"{name} column '{role}' not found");

    public static Exception Mismatch(string role, DataViewSchema.Column column, string expected) =>
        Contracts.ExceptSchemaMismatch("schema", role, column.Name, expected, column.Type.ToString());

    /// <summary>True is 1, a key its 0-based number, a missing key NaN.</summary>
    public static Func<float> ReadLabel(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType key)
        {
            return GenericCall.Invoke<Func<float>>(
                (Func<DataViewRow, DataViewSchema.Column, Func<float>>)ReadKey<int>, key.RawType, row, label);
        }
        if (label.Type is BooleanDataViewType)
            return Read<bool>(row, label, v => v ? 1 : 0);
        return label.Type.Equals(NumberDataViewType.Double) ? Read<double>(row, label, v => (float)v) : Read<float>(row, label, v => v);
    }

    public static Func<float> ReadSingle(DataViewRow row, DataViewSchema.Column column) => Read<float>(row, column, v => v);

    private static Func<float> ReadKey<T>(DataViewRow row, DataViewSchema.Column label)
    {
        var toNumber = (Func<T, ulong>)StandardConversions.GetOrNull(
            ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T)), NumberDataViewType.UInt64);
        ulong count = label.Type.GetKeyCount();
        return Read<T>(row, label, v => toNumber(v) is var number && 0 < number && number <= count ? number - 1 : float.NaN);
    }

    private static Func<float> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, float> map)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return map(value);
        };
    }
}
