using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

public sealed class HostileFileTests
{
    public static TheoryData<string> Attacks => [.. HostileFiles.Models().Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Read_BuiltToCostMemory_IsRefusedForLittle(string attack)
    {
        byte[] bytes = HostileFiles.Models().Single(a => a.Name == attack).Bytes();
        long before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream(bytes)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        Assert.InRange(error.Message.Length, 10, 2000);
    }

    [Fact]
    public void Read_PaddingInAStreamOfUnknownLength_IsRefusedBeforeItIsRead()
    {
        using var endless = new SpacesStream(99_000_000);
        Assert.Contains("does not know its own length", Assert.Throws<InvalidDataException>(() => new SafetensorsReader(endless)).Message);
        Assert.InRange(endless.Given, 0, 100);
    }

    [Theory]
    [InlineData("50 4B 03 04 14 00 00 00", "a .zip archive")]
    [InlineData("89 50 4E 47 0D 0A 1A 0A", "a PNG image")]
    [InlineData("7B 22 41 22 3A 20 31 7D", "JSON")]
    [InlineData("48 65 6C 6C 6F 2C 20 77", "text")]
    [InlineData("80 02 8A 0A 6C FC 9C 46", "a Python pickle")]
    [InlineData("", "It is empty")]
    public void Read_AnotherKindOfFile_SaysWhatItIs(string bytes, string kind)
    {
        byte[] prefix = [.. bytes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(b => Convert.ToByte(b, 16))];
        byte[] file = prefix.Length == 0 ? [] : [.. prefix, .. new byte[20]];
        Assert.Contains(kind, Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream(file))).Message);
    }

    [Fact]
    public void Excerpt_LongOrUnprintableText_IsCutAndEscaped()
    {
        Assert.Equal(new string('a', 80) + "… (1000 characters)", Excerpt.Of(new string('a', 1000)));
        Assert.Equal("\\u001B[31m\\uD800😀", Excerpt.Of("\u001b[31m\ud800😀"));
        Assert.Equal("1, 2, 3, 4, 5, 6, 7, 8, … (9 in all)", Excerpt.Of(Enumerable.Range(1, 9).Select(i => $"{i}")));
        Assert.Equal("null", Excerpt.Of((string?)null));
    }

    private sealed class SpacesStream(int headerLength) : MemoryStream
    {
        public int Given { get; private set; }

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            if (Given == 0)
                BitConverter.TryWriteBytes(buffer, (long)headerLength);
            Given += buffer.Length;
            return buffer.Length;
        }
    }
}
