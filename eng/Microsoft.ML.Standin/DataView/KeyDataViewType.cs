using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A category number: 1 … Count in the raw value, 0 for missing.</summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    public KeyDataViewType(Type type, ulong count)
        : base(type)
    {
        if (!IsValidDataType(type))
            throw Contracts.ExceptParam(nameof(type), $"A key needs Byte, UInt16, UInt32 or UInt64, but got {type}.");
        if (count == 0 || count > MaxCount(type))
            throw Contracts.ExceptParam(nameof(count), $"A key of {type.Name} holds 1 to {MaxCount(type)} values, but got {count}.");
        Count = count;
    }

    public KeyDataViewType(Type type, int count)
        : this(type, (ulong)Math.Max(count, 0))
    {
    }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) =>
        type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(this, other) || (other is KeyDataViewType key && key.RawType == RawType && key.Count == Count);

    public override bool Equals(object other) => other is DataViewType type && Equals(type);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";

    internal static ulong MaxCount(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        _ => ulong.MaxValue,
    };
}
