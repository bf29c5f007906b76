using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Column types and their values in a model's binary stream.</summary>
internal static class ValueCodec
{
    private const byte KeyMark = 0x80;

    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        Contracts.Check(type.RawType.TryGetDataKind(out DataKind kind), $"Values of type {type} cannot be saved.");
        var key = type as KeyDataViewType;
        writer.Write((byte)((byte)kind | (key is null ? 0 : KeyMark)));
        if (key is not null)
            writer.Write(key.Count);
    }

    public static PrimitiveDataViewType ReadType(BinaryReader reader)
    {
        byte mark = reader.ReadByte();
        var kind = (DataKind)(mark & ~KeyMark);
        Contracts.CheckDecode(Enum.IsDefined(kind), $"The model holds the unknown data kind {(byte)kind}.");
        PrimitiveDataViewType type = ColumnTypeExtensions.PrimitiveTypeFromKind(kind);
        return (mark & KeyMark) == 0 ? type : new KeyDataViewType(type.RawType, reader.ReadUInt64());
    }

    public static void WriteValues<T>(BinaryWriter writer, ReadOnlySpan<T> values)
    {
        writer.Write(values.Length);
        foreach (T value in values)
            WriteValue(writer, value);
    }

    public static T[] ReadValues<T>(BinaryReader reader)
    {
        var values = new T[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++)
            values[i] = (T)ReadValue(reader, typeof(T));
        return values;
    }

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> text:
                writer.Write(text.ToString());
                break;
            case TimeSpan span:
                writer.Write(span.Ticks);
                break;
            case DateTime date:
                writer.Write(date.ToBinary());
                break;
            case DateTimeOffset date:
                writer.Write(date.Ticks);
                writer.Write(date.Offset.Ticks);
                break;
            case float real:
                writer.Write(real);
                break;
            case double real:
                writer.Write(real);
                break;
            case ulong number:
                writer.Write(number);
                break;
            default:
                writer.Write(Convert.ToInt64(value));
                break;
        }
    }

    private static object ReadValue(BinaryReader reader, Type type)
    {
        if (type == typeof(ReadOnlyMemory<char>))
            return reader.ReadString().AsMemory();
        if (type == typeof(TimeSpan))
            return new TimeSpan(reader.ReadInt64());
        if (type == typeof(DateTime))
            return DateTime.FromBinary(reader.ReadInt64());
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Single => reader.ReadSingle(),
            TypeCode.Double => reader.ReadDouble(),
            TypeCode.UInt64 => reader.ReadUInt64(),
            _ => Convert.ChangeType(reader.ReadInt64(), type),
        };
    }
}
