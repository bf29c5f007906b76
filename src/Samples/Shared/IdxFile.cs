using System.Buffers.Binary;
using System.IO.Compression;

namespace Samples.Shared;

/// <summary>A gzipped file of bytes in the idx format, which MNIST comes in: four bytes of kind, the dimensions, the values.</summary>
/// <param name="Dimensions">Size of each dimension.</param>
/// <param name="Values">The bytes, row-major.</param>
internal sealed record IdxFile(int[] Dimensions, byte[] Values)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no idx file of bytes, or cut off.</exception>
    public static IdxFile Read(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Span<byte> number = stackalloc byte[sizeof(int)];
        stream.ReadExactly(number);
        if (number is not [0, 0, 8, var rank])
            throw new InvalidDataException($"The file '{path}' begins with {Convert.ToHexString(number)}; expected 000008 and the number of dimensions: an idx file of bytes.");
        int[] dimensions = new int[rank];
        foreach (ref int size in dimensions.AsSpan())
        {
            stream.ReadExactly(number);
            size = BinaryPrimitives.ReadInt32BigEndian(number);
        }
        byte[] values = new byte[dimensions.Aggregate(1, (product, size) => checked(product * size))];
        stream.ReadExactly(values);
        return new IdxFile(dimensions, values);
    }
}
