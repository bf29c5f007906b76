using System.Buffers.Binary;
using System.Text;
using VersionNeed;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The build step that makes one version need weak, on a library of two sections made here.</summary>
public sealed class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32", Other = "GLIBC_2.34";
    private const int Needs = 128, Names = 256, Sections = 320, FirstAuxiliary = Needs + 16, SecondAuxiliary = FirstAuxiliary + 16;

    [Fact]
    public void Weaken_NeedOfThatVersion_ChangesItsFlagAlone()
    {
        byte[] image = Library(), before = [.. image];

        Assert.True(ElfVersionNeeds.Weaken(image, Version));

        int[] changed = [.. Enumerable.Range(0, image.Length).Where(i => image[i] != before[i])];
        Assert.Equal([SecondAuxiliary + 4], changed);
        Assert.Equal(2, image[SecondAuxiliary + 4]);
        Assert.False(ElfVersionNeeds.Weaken(image, Version));
    }

    [Fact]
    public void Weaken_WhatItDoesNotKnow_IsRefusedAndLeftAlone()
    {
        Refused(image => image[0] = 0, "beginning");
        Refused(image => image[4] = 1, "ELF class");
        Refused(image => image[5] = 2, "byte order");
        Refused(image => image[Needs] = 2, "version of a need");
        Refused(image => image[SecondAuxiliary]++, "hash of GLIBCXX_3.4.32");
        Refused(image => image[SecondAuxiliary + 4] = 1, "flags");
        Refused(image => Word(image, Sections + 64 + 4, 1), ".gnu.version_r");
        Refused(image => Word(image, SecondAuxiliary + 8, 1), "number of needs");
        Refused(image => Word(image, Needs + 8, 1 << 20), "offset");
        Refused(image => Word(image, SecondAuxiliary + 8, 1 << 20), "place of a name");
        Refused(image => Word(image, FirstAuxiliary + 12, 0), "distance to the next version");
        for (int length = 0; length < Library().Length; length += 7)
            Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.Weaken(Library().AsSpan(0, length), Version));
    }

    [Fact]
    public void Hash_KnownNames_IsTheLinkersOwn()
    {
        // As readelf shows them in libstdc++'s and libc's own definitions.
        Assert.Equal(0x09691a75u, ElfVersionNeeds.Hash("GLIBC_2.2.5"));
        Assert.Equal(0x08922974u, ElfVersionNeeds.Hash("GLIBCXX_3.4"));
    }

    private static void Refused(Action<byte[]> breakIt, string message)
    {
        byte[] image = Library();
        breakIt(image);
        byte[] before = [.. image];

        var error = Assert.Throws<BadImageFormatException>(() => ElfVersionNeeds.Weaken(image, Version));

        Assert.Contains(message, error.Message);
        Assert.Equal(before, image);
    }

    /// <summary>A header; the needs of one library, of two versions; their names; headers of an empty section, the needs' and the names'.</summary>
    private static byte[] Library()
    {
        byte[] image = new byte[Sections + (3 * 64)];
        "\u007fELF"u8.CopyTo(image);
        (image[4], image[5]) = (2, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(40), Sections);
        (image[58], image[60]) = (64, 3);
        (image[Needs], image[Needs + 2], image[Needs + 8]) = (1, 2, 16);
        Encoding.ASCII.GetBytes("\0" + Other + "\0" + Version + "\0").CopyTo(image, Names);
        Auxiliary(image, FirstAuxiliary, Other, 1, 16);
        Auxiliary(image, SecondAuxiliary, Version, 2 + Other.Length, 0);
        Section(image, 1, 0x6ffffffe, Needs, link: 2, count: 1);
        Section(image, 2, 3, Names, link: 0, count: 0);
        return image;
    }

    private static void Auxiliary(byte[] image, int at, string name, int nameAt, int next)
    {
        Word(image, at, ElfVersionNeeds.Hash(name));
        Word(image, at + 8, (uint)nameAt);
        Word(image, at + 12, (uint)next);
    }

    private static void Section(byte[] image, int index, uint type, int at, int link, int count)
    {
        int header = Sections + (64 * index);
        Word(image, header + 4, type);
        Word(image, header + 24, (uint)at);
        Word(image, header + 40, (uint)link);
        Word(image, header + 44, (uint)count);
    }

    private static void Word(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
}
