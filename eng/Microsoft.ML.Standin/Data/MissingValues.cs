namespace Microsoft.ML.Data;

/// <summary>Which values count as missing: NaN in real columns, 0 in key columns.</summary>
internal static class MissingValues
{
    public static bool Supports(DataViewType type) => type.GetItemType() is KeyDataViewType
        || type.GetItemType() == NumberDataViewType.Single || type.GetItemType() == NumberDataViewType.Double;

    public static Func<double> DoubleReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Double)
        {
            ValueGetter<double> wide = row.GetGetter<double>(column);
            double value = 0;
            return () =>
            {
                wide(ref value);
                return value;
            };
        }
        ValueGetter<float> getter = row.GetGetter<float>(column);
        float single = 0;
        return () =>
        {
            getter(ref single);
            return single;
        };
    }

    /// <summary>Whether the row's value, or any item of its vector, is missing.</summary>
    public static Func<bool> Test(DataViewRow row, DataViewSchema.Column column)
        => Type.GetTypeCode(column.Type.GetItemType().RawType) switch
    {
        TypeCode.Single => Test<float>(row, column, float.IsNaN),
        TypeCode.Double => Test<double>(row, column, double.IsNaN),
        TypeCode.Byte => Test<byte>(row, column, key => key == 0),
        TypeCode.UInt16 => Test<ushort>(row, column, key => key == 0),
        TypeCode.UInt32 => Test<uint>(row, column, key => key == 0),
        _ => Test<ulong>(row, column, key => key == 0),
    };

    private static Func<bool> Test<T>(DataViewRow row, DataViewSchema.Column column, Predicate<T> isMissing)
    {
        if (column.Type is not VectorDataViewType)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                getter(ref value);
                return isMissing(value);
            };
        }
        ValueGetter<VBuffer<T>> vectors = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            vectors(ref buffer);
            // A sparse vector's other items are zero: no missing number, but missing keys.
            bool any = !buffer.IsDense && isMissing(default);
            foreach (T item in buffer.GetValues())
                any |= isMissing(item);
            return any;
        };
    }
}
