using System.Buffers.Binary;
using System.Globalization;
using static Microsoft.ML.Lstm.Persistence.SafetensorsHeader;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// What comes before a safetensors file's values: 8 bytes of length, then the header. Where the stream knows its own length, that is compared with
/// what the header promises before anything is allocated for it.
/// </summary>
internal static class SafetensorsPrefix
{
    /// <summary>Reads length and header.</summary>
    /// <param name="stream">Where from; it is left at the first value.</param>
    /// <param name="isWhole">Whether the stream is known to hold all that the header promises.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file, or longer or shorter than it says.</exception>
    public static (List<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Read(Stream stream, out bool isWhole)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        int found = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (found == 0)
            throw new InvalidDataException("It is empty; expected a safetensors file.");
        if (found < prefix.Length)
            throw Invalid("only", Invariant($"{found} bytes"), "8 bytes of header length at the beginning");
        long? left = stream.CanSeek ? stream.Length - stream.Position : null;
        long length = HeaderLength(prefix, left);
        byte[] header = BoundedRead.UpTo<byte>(stream, length, isKnown: left is not null, out long bytes);
        if (bytes != length)
            throw CutOffHeader(bytes, length);
        var contents = SafetensorsHeader.Read(header);
        foreach (SafetensorsTensor tensor in contents.Tensors)
            if (tensor.Length > Array.MaxLength)
                throw Invalid(Invariant($"tensor '{Excerpt.Of(tensor.Name)}'"), Invariant($"of {tensor.Length} elements"), Invariant($"at most {Array.MaxLength}"));
        isWhole = left is not null;
        if (left is { } all)
            RequireWhole(contents.Tensors, all - length);
        return contents;
    }

    public static InvalidDataException CutOff(SafetensorsTensor tensor, long bytes) =>
        Invalid(Invariant($"tensor '{Excerpt.Of(tensor.Name)}'"), Invariant($"that ends after {bytes} bytes"), Invariant($"{tensor.End - tensor.Begin}: the file is cut off"));

    public static InvalidDataException TooLong() => Invalid("bytes", "after its last tensor", "the end of the file");

    private static long HeaderLength(ReadOnlySpan<byte> prefix, long? left)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumLength)
            throw FileKind.Of(prefix) is { } kind
                ? new InvalidDataException(Invariant($"It is no safetensors file but {kind}."))
                : Invalid("a header length", string.Create(CultureInfo.InvariantCulture, $"of {length}"), Invariant($"at most {MaximumLength}"));
        if ((long)length > left)
            throw CutOffHeader(left.Value, (long)length);
        long most = LongestOf(left is { } all ? all - (long)length : MaximumLengthOfUnknown);
        if ((long)length > most)
            throw Invalid("a header length", Invariant($"of {length}"), left is null
                ? Invariant($"at most {most} in a stream that does not know its own length")
                : Invariant($"at most {most} beside {left - (long)length} bytes of values"));
        return (long)length;
    }

    private static void RequireWhole(List<SafetensorsTensor> tensors, long valueBytes)
    {
        foreach (SafetensorsTensor tensor in tensors)
            if (tensor.End > valueBytes)
                throw CutOff(tensor, Math.Max(0, valueBytes - tensor.Begin));
        if (valueBytes > (tensors.Count == 0 ? 0 : tensors[^1].End))
            throw TooLong();
    }

    private static InvalidDataException CutOffHeader(long bytes, long length) =>
        Invalid("a header", Invariant($"that ends after {bytes} bytes"), Invariant($"{length}, the length it states"));
}
