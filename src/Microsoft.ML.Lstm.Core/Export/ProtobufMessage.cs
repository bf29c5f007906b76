using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// A protocol buffers message as bytes (https://protobuf.dev/programming-guides/encoding): varints, fixed 32-bit values and what has a
/// length. Export writes seven kinds of message and reads none, which takes these few methods; Google.Protobuf would bring half a megabyte,
/// and a generated copy of ONNX's schema several thousand lines more, into an engine that is deployed as a small native binary.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>A whole number, an enumeration's value or a truth value; negative ones take ten bytes, as the format has it.</summary>
    public ProtobufMessage Add(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A number of single precision.</summary>
    public ProtobufMessage Add(int field, float value)
    {
        Tag(field, Fixed32Type);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>A text. A lone surrogate, which UTF-8 has no bytes for, becomes U+FFFD.</summary>
    public ProtobufMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes.</summary>
    public ProtobufMessage Add(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>A message inside this one, as it is now.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value) => Add(field, value.Bytes);

    /// <summary>Each of several messages.</summary>
    public ProtobufMessage AddAll(int field, IEnumerable<ProtobufMessage> values)
    {
        foreach (ProtobufMessage value in values)
            Add(field, value);
        return this;
    }

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong value)
    {
        Span<byte> to = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            to[length++] = (byte)(value | 0x80);
        to[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
