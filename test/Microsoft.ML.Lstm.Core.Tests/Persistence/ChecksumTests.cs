using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

public sealed class ChecksumTests
{
    [Fact]
    public void Read_AnyBitOfValuesFlipped_IsNoticed()
    {
        byte[] bytes = Marked();
        int header = 8 + (int)BitConverter.ToInt64(bytes);
        for (int i = header; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.Contains("the file was damaged or changed", Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(damaged))).Message);
        }
    }

    [Fact]
    public void Read_MetadataChanged_IsNoticed()
    {
        byte[] bytes = Marked();
        bytes[bytes.AsSpan().IndexOf("a note"u8)] = (byte)'e';
        Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => new SafetensorsReader(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void Read_FileWithoutChecksum_Loads()
    {
        var writer = new SafetensorsWriter();
        writer.Add<float>("w", [2], new[] { 1f, 2f });
        using var stream = new MemoryStream();
        writer.Write(stream);
        stream.Position = 0;
        Assert.DoesNotContain("checksum", new SafetensorsReader(stream).Metadata.Keys);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes() => Assert.Equal(Marked(), Marked());

    private static byte[] Marked()
    {
        var writer = new SafetensorsWriter { Metadata = { ["note"] = "a note" } };
        new FileFormat("test", 1).WriteTo(writer);
        writer.Add<float>("w", [3], new[] { 1f, 2f, 3f });
        writer.Add<long>("n", [1], new[] { 3L });
        using var stream = new MemoryStream();
        writer.Write(stream);
        writer.Write(Stream.Null);
        return stream.ToArray();
    }
}
