using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>Reads as many values as a file claims, without believing the claim.</summary>
internal static class BoundedRead
{
    /// <summary>Reads that many elements or to the end.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="length">Elements, at most as many as an array holds.</param>
    /// <param name="isKnown">Whether the stream is known to hold them; otherwise the array grows as data comes, so that a false length cannot claim memory.</param>
    /// <param name="bytes">Bytes found.</param>
    public static T[] UpTo<T>(Stream stream, long length, bool isKnown, out long bytes)
        where T : unmanaged
    {
        const int First = 1 << 16;
        var values = new T[isKnown ? length : Math.Min(length, First)];
        bytes = 0;
        for (int filled = 0; ;)
        {
            // A span of bytes cannot hold more than 2 GiB.
            int piece = Math.Min(values.Length - filled, 1 << 27);
            Span<byte> target = MemoryMarshal.AsBytes(values.AsSpan(filled, piece));
            int found = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            bytes += found;
            filled += piece;
            if (found < target.Length || filled == length)
                return values;
            if (filled == values.Length)
                Array.Resize(ref values, (int)Math.Min(length, Math.Min(2L * filled, Array.MaxLength)));
        }
    }
}
