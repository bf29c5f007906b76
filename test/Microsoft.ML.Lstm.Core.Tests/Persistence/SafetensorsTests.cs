using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

public class SafetensorsTests
{
    private const string OneTensor = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var file = new SafetensorsReader(new MemoryStream(Sample()));

        Assert.Equal([1.5f, -2f, float.NaN, float.PositiveInfinity, 0f, float.Epsilon], file.Values<float>("single").ToArray());
        Assert.Equal([2, 3], file.Shape("single"));
        Assert.Equal([Math.PI], file.Values<double>("double").ToArray());
        Assert.Equal([int.MinValue, int.MaxValue], file.Values<int>("int").ToArray());
        Assert.Equal([long.MinValue, long.MaxValue, 0], file.Values<long>("long").ToArray());
        Assert.Equal([7f], file.Values<float>("scalar").ToArray());
        Assert.Empty(file.Shape("scalar"));
        Assert.Empty(file.Values<float>("empty").ToArray());
        Assert.Equal([0, 5], file.Shape("empty"));
        Assert.Equal(new Dictionary<string, string> { ["b"] = "zwei \"ü\"", ["a"] = "{}" }, file.Metadata);
        Assert.True(file.Contains("int"));
        Assert.False(file.Contains("other"));
    }

    [Fact]
    public void Write_Tensors_BytesAreThoseOfTheSpecification()
    {
        var writer = new SafetensorsWriter { Metadata = { ["k"] = "v" } };
        writer.Add<float>("w", [1, 2], new[] { 1f, 2f });
        writer.Add<long>("n", [1], new[] { 3L });
        string header = """{"__metadata__":{"k":"v"},"n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(header), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];

        Assert.Equal(expected, Bytes(writer));
    }

    [Fact]
    public void Write_EqualContents_GivesEqualBytesAndAlignedTensors()
    {
        byte[] bytes = Sample();
        Assert.Equal(bytes, Sample());
        Assert.Equal(0ul, BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 8);
        Assert.All(new SafetensorsReader(new MemoryStream(bytes)).Tensors, t => Assert.Equal(0, t.Begin % (t.Length == 0 ? 1 : (t.End - t.Begin) / t.Length)));
    }

    [Fact]
    public void Read_StreamThatGivesLittleAtATime_GivesLargeTensors()
    {
        var values = new double[2_500_001];
        for (int i = 0; i < values.Length; i++)
            values[i] = i * 0.5;
        var writer = new SafetensorsWriter();
        writer.Add<double>("long", [values.Length], values);

        Assert.Equal(values, new SafetensorsReader(new TricklingStream(Bytes(writer))).Values<double>("long").ToArray());
    }

    [Fact]
    public void Read_AnyTruncation_IsAnError()
    {
        byte[] bytes = Sample();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes, 0, length)));
    }

    [Fact]
    public void Read_BytesAfterTheEnd_IsAnError() => AssertInvalid([.. Sample(), 0], "after its last tensor");

    [Fact]
    public void Read_AnyChangedByteOfTheHeader_IsAnErrorOrStillAFile()
    {
        byte[] bytes = Sample();
        int end = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        for (int i = 0; i < end; i++)
        {
            byte[] changed = [.. bytes];
            foreach (int flip in (int[])[1, 2, 0x10, 0x80, 0xFF])
            {
                changed[i] = (byte)(bytes[i] ^ flip);
                Exception? error = Record.Exception(() => new SafetensorsReader(new MemoryStream(changed)));
                Assert.True(error is null or InvalidDataException, $"byte {i} ^ {flip}: {error}");
            }
        }
    }

    [Theory]
    [InlineData("""[]""", "beginning with byte 0x5B")]
    [InlineData("""{"a":1}""", "tensor 'a' given as Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", "not JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} x""", "not JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "'a' in the header twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "dtype 'F8_E4M3'; expected one of F32, F64, I32, I64")]
    [InlineData("""{"a":{"dtype":"0","shape":[2],"data_offsets":[0,8]}}""", "dtype '0'")]
    [InlineData("""{"a":{"dtype":3,"shape":[2],"data_offsets":[0,8]}}""", "dtype given as Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "of 8 bytes; expected 12 for F32 of shape [3]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "fractional")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "shape given as String")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3000000000],"data_offsets":[0,8]}}""", "dimension of 3000000000")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""", "63 bits")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "data_offsets [8, 0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", "1 data_offsets; expected 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "beginning at byte 4; expected 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "tensor 'a' that ends after 8 bytes; expected 16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "after its last tensor")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "without shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "field 'x'")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__ 'k' given as Number")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "key 'k' twice")]
    public void Read_MalformedHeader_IsNamed(string header, string message) => AssertInvalid(File(header, new byte[8]), message);

    [Fact]
    public void Read_HeaderLengthBeyondTheFile_IsNamed()
    {
        byte[] bytes = File(OneTensor, new byte[8]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 90_000_000);
        AssertInvalid(bytes, "a header that ends after 62 bytes; expected 90000000");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        AssertInvalid(bytes, "a header length of 18446744073709551615; expected at most 100000000");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 0);
        AssertInvalid(bytes, "the header empty");
    }

    [Fact]
    public void Read_FalseSize_ClaimsNoMemory()
    {
        long before = GC.GetTotalAllocatedBytes();
        AssertInvalid(File("""{"a":{"dtype":"F32","shape":[2000000000],"data_offsets":[0,8000000000]}}""", new byte[8]), "ends after 8 bytes; expected 8000000000");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000_000);
    }

    [Fact]
    public void Values_MissingOrIllTypedTensor_IsNamed()
    {
        var file = new SafetensorsReader(new MemoryStream(Sample()));
        Assert.Contains("no tensor 'x' among its 6", Assert.Throws<InvalidDataException>(() => file.Values<float>("x").Length).Message);
        Assert.Contains("tensor 'int' of type I32; expected F32", Assert.Throws<InvalidDataException>(() => file.Values<float>("int").Length).Message);
        Assert.Contains("Byte", Assert.Throws<ArgumentException>(() => file.Values<byte>("int").Length).Message);
    }

    [Fact]
    public void Add_WhatTheFormatCannotHold_IsRefused()
    {
        var writer = new SafetensorsWriter();
        writer.Add<float>("a", [1], new float[1]);
        Assert.Contains("'a' is there already", Assert.Throws<ArgumentException>(() => writer.Add<int>("a", [1], new int[1])).Message);
        Assert.Contains("2 values", Assert.Throws<ArgumentException>(() => writer.Add<float>("b", [3], new float[2])).Message);
        Assert.Contains("2 values", Assert.Throws<ArgumentException>(() => writer.Add<float>("b", [-1, -2], new float[2])).Message);
        Assert.Contains("__metadata__", Assert.Throws<ArgumentException>(() => writer.Add<float>("__metadata__", [1], new float[1])).Message);
    }

    private static byte[] Sample()
    {
        var writer = new SafetensorsWriter { Metadata = { ["b"] = "zwei \"ü\"", ["a"] = "{}" } };
        writer.Add<float>("single", [2, 3], new[] { 1.5f, -2f, float.NaN, float.PositiveInfinity, 0f, float.Epsilon });
        writer.Add<float>("empty", [0, 5], ReadOnlyMemory<float>.Empty);
        writer.Add<double>("double", [1], new[] { Math.PI });
        writer.Add<int>("int", [2], new[] { int.MinValue, int.MaxValue });
        writer.Add<long>("long", [3, 1], new[] { long.MinValue, long.MaxValue, 0 });
        writer.Add<float>("scalar", [], new[] { 7f });
        return Bytes(writer);
    }

    private static byte[] Bytes(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    private static void AssertInvalid(byte[] bytes, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes))).Message);

    private sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 77_777)]);
    }
}
