using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace VersionNeed;

/// <summary>
/// The versions of other libraries' symbols that a 64-bit little-endian ELF library needs (section <c>.gnu.version_r</c>, type SHT_GNU_verneed; System V
/// ABI, "Symbol Versioning"). The loader refuses a library whose need is not met, unless the need is weak.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const int SectionHeaderSize = 64, NeedSize = 16, AuxiliarySize = 16;
    private const ushort Weak = 2;

    /// <summary>Makes the need of one version weak.</summary>
    /// <param name="image">The library's bytes, which are changed.</param>
    /// <param name="version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>Whether a bit was changed: false when the need was weak already.</returns>
    /// <exception cref="BadImageFormatException">The bytes are not understood, or do not need that version exactly once; nothing is changed.</exception>
    public static bool Weaken(Span<byte> image, string version)
    {
        int flags = FindFlags(image, version);
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(image[flags..]);
        if (value == Weak)
            return false;
        Expect(value == 0, "the flags of " + version, value, "0 or " + Weak);
        BinaryPrimitives.WriteUInt16LittleEndian(image[flags..], Weak);
        return true;
    }

    /// <summary>Where the flags of the need of a version stand.</summary>
    private static int FindFlags(ReadOnlySpan<byte> image, string version)
    {
        (int needs, int needCount, int names) = FindSection(image);
        int found = -1;
        for (int i = 0, need = needs; i < needCount; i++)
        {
            Expect(UInt16(image, need) == 1, "the version of a need", UInt16(image, need), "1");
            int auxiliary = need + Int32(image, need + 8);
            for (int j = UInt16(image, need + 2); j > 0; j--)
            {
                if (Name(image, names + Int32(image, auxiliary + 8)) == version)
                {
                    Expect(found < 0, "the number of needs of " + version, "more than 1", "1");
                    Expect(UInt32(image, auxiliary) == Hash(version), "the hash of " + version, UInt32(image, auxiliary), Hash(version).ToString(CultureInfo.InvariantCulture));
                    found = auxiliary + 4;
                }
                int next = Int32(image, auxiliary + 12);
                Expect(next >= AuxiliarySize || j == 1, "the distance to the next version", next, "at least " + AuxiliarySize);
                auxiliary += next;
            }
            int following = Int32(image, need + 12);
            Expect(following >= NeedSize || i == needCount - 1, "the distance to the next library", following, "at least " + NeedSize);
            need += following;
        }
        Expect(found >= 0, "the number of needs of " + version, 0, "1");
        return found;
    }

    private static (int Needs, int Count, int Names) FindSection(ReadOnlySpan<byte> image)
    {
        Expect(image.Length > SectionHeaderSize && image[..4].SequenceEqual("\u007fELF"u8), "the file's beginning", "of another kind", "an ELF header");
        Expect(image[4] == 2 && image[5] == 1, "the ELF class and byte order", image[4] + " and " + image[5], "2 and 1 (64 bits, little-endian)");
        int sections = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(image[40..])), count = UInt16(image, 60);
        Expect(UInt16(image, 58) == SectionHeaderSize, "the size of a section header", UInt16(image, 58), "64");
        Expect(sections + ((long)count * SectionHeaderSize) <= image.Length, "the end of the section headers", sections + ((long)count * SectionHeaderSize), "within the file's " + image.Length + " bytes");
        for (int i = 0; i < count; i++)
        {
            int header = sections + (i * SectionHeaderSize);
            if (UInt32(image, header + 4) != VersionNeedSection)
                continue;
            int link = Int32(image, header + 40);
            Expect(link < count, "the section of names", link, "below " + count);
            return (Int32(image, header + 24), Int32(image, header + 44), Int32(image, sections + (link * SectionHeaderSize) + 24));
        }
        throw new BadImageFormatException("The library has no section .gnu.version_r; expected one.");
    }

    /// <summary>The System V hash of a symbol's name.</summary>
    internal static uint Hash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + c;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }

    private static string Name(ReadOnlySpan<byte> image, int at)
    {
        Expect(at >= 0 && at < image.Length, "the place of a name", at, "within the file");
        int length = image[at..].IndexOf((byte)0);
        Expect(length >= 0, "a name", "without an end", "one that ends with 0");
        return Encoding.ASCII.GetString(image.Slice(at, length));
    }

    private static ushort UInt16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(Within(image, at, sizeof(ushort)));

    private static uint UInt32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(Within(image, at, sizeof(uint)));

    private static int Int32(ReadOnlySpan<byte> image, int at)
    {
        uint value = UInt32(image, at);
        Expect(value <= int.MaxValue, "an offset", value, "less than 2 GB");
        return (int)value;
    }

    private static ReadOnlySpan<byte> Within(ReadOnlySpan<byte> image, int at, int size)
    {
        Expect(at >= 0 && at <= image.Length - size, "an offset", at, "within the file's " + image.Length + " bytes");
        return image.Slice(at, size);
    }

    private static void Expect(bool holds, string what, object found, string expected)
    {
        if (!holds)
            throw new BadImageFormatException(string.Create(CultureInfo.InvariantCulture, $"In the library {what} is {found}; expected {expected}."));
    }
}
