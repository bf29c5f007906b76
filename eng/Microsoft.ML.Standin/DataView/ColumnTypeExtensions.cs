namespace Microsoft.ML.Data;

internal static class ColumnTypeExtensions
{
    private static readonly Dictionary<Type, (DataKind Kind, PrimitiveDataViewType Type)> Known = new()
    {
        [typeof(sbyte)] = (DataKind.SByte, NumberDataViewType.SByte),
        [typeof(byte)] = (DataKind.Byte, NumberDataViewType.Byte),
        [typeof(short)] = (DataKind.Int16, NumberDataViewType.Int16),
        [typeof(ushort)] = (DataKind.UInt16, NumberDataViewType.UInt16),
        [typeof(int)] = (DataKind.Int32, NumberDataViewType.Int32),
        [typeof(uint)] = (DataKind.UInt32, NumberDataViewType.UInt32),
        [typeof(long)] = (DataKind.Int64, NumberDataViewType.Int64),
        [typeof(ulong)] = (DataKind.UInt64, NumberDataViewType.UInt64),
        [typeof(float)] = (DataKind.Single, NumberDataViewType.Single),
        [typeof(double)] = (DataKind.Double, NumberDataViewType.Double),
        [typeof(string)] = (DataKind.String, TextDataViewType.Instance),
        [typeof(ReadOnlyMemory<char>)] = (DataKind.String, TextDataViewType.Instance),
        [typeof(bool)] = (DataKind.Boolean, BooleanDataViewType.Instance),
        [typeof(TimeSpan)] = (DataKind.TimeSpan, TimeSpanDataViewType.Instance),
        [typeof(DateTime)] = (DataKind.DateTime, DateTimeDataViewType.Instance),
        [typeof(DateTimeOffset)] = (DataKind.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    };

    public static DataViewType GetItemType(this DataViewType type) => (type as VectorDataViewType)?.ItemType ?? type;

    /// <summary>The size of a vector, 0 for a vector of unknown size and for a scalar.</summary>
    public static int GetVectorSize(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 0;

    /// <summary>The number of values: 1 for a scalar, 0 for a vector of unknown size.</summary>
    public static int GetValueCount(this DataViewType type) => (type as VectorDataViewType)?.Size ?? 1;

    public static ulong GetKeyCount(this DataViewType type) => (type as KeyDataViewType)?.Count ?? 0;

    public static bool IsKnownSizeVector(this DataViewType type) => type.GetVectorSize() > 0;

    public static bool SameSizeAndItemType(this DataViewType type, DataViewType other) =>
        other is not null && (type.Equals(other) || (type is VectorDataViewType a && other is VectorDataViewType b
            && a.ItemType.Equals(b.ItemType) && a.Size == b.Size));

    public static bool TryGetDataKind(this Type type, out DataKind kind)
    {
        bool known = Known.TryGetValue(type, out var entry);
        kind = entry.Kind;
        return known;
    }

    public static PrimitiveDataViewType PrimitiveTypeFromKind(DataKind kind) => Known.Values.First(e => e.Kind == kind).Type;

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) => PrimitiveTypeFromTypeOrNull(type)
        ?? throw new InvalidOperationException($"No column type holds {type}.");

    public static PrimitiveDataViewType PrimitiveTypeFromTypeOrNull(Type type) =>
        type == typeof(DataViewRowId) ? RowIdDataViewType.Instance : Known.GetValueOrDefault(type).Type;
}
