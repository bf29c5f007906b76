using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// Writes named tensors as a safetensors file (https://github.com/huggingface/safetensors): 8 bytes of header length, little-endian; a JSON
/// header padded to a multiple of 8; the tensors' bytes, little-endian, row-major, without gaps.
/// <para>Equal contents give equal bytes: tensors of 8-byte elements come first, so that every tensor is aligned, and otherwise in the order
/// in which they were added; metadata is sorted by key.</para>
/// </summary>
public sealed class SafetensorsWriter
{
    private readonly List<(SafetensorsTensor Tensor, Action<Sink> Write)> _tensors = [];
    private readonly HashSet<string> _names = [];

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    /// <summary>Texts kept beside the tensors, under <c>__metadata__</c>.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <summary>Whether the metadata says a checksum of all the rest, which <see cref="SafetensorsReader"/> verifies.</summary>
    internal bool HasChecksum { get; set; }

    /// <summary>Adds a tensor; its values are read when <see cref="Write"/> runs.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
    /// <param name="name">A name that no other tensor has.</param>
    /// <param name="shape">Size of each dimension; empty for a scalar.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <exception cref="ArgumentException">The name is taken or reserved, the type unknown, or the shape does not fit the values.</exception>
    public void Add<T>(string name, IReadOnlyList<int> shape, ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        SafetensorsType type = SafetensorsTensor.TypeOf<T>();
        if (name == "__metadata__")
            throw new ArgumentException("A tensor's name is '__metadata__'; expected another, since that one is for texts.", nameof(name));
        if (shape.Any(size => size < 0) || SafetensorsTensor.Count(shape) != values.Length)
            throw new ArgumentException(
                Invariant($"Tensor '{name}' has {Plural.Of(values.Length, "value")}; expected as many as its shape [{string.Join(", ", shape)}] holds."), nameof(values));
        if (!_names.Add(name))
            throw new ArgumentException(Invariant($"Tensor '{name}' is there already; expected each name once."), nameof(name));
        _tensors.Add((new SafetensorsTensor(name, type, [.. shape], 0, 0), sink => WriteValues(sink, values.Span)));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    /// <exception cref="InvalidOperationException">The names and metadata come to more bytes than <see cref="SafetensorsReader"/> reads.</exception>
    public void Write(Stream stream)
    {
        var ordered = _tensors.OrderByDescending(t => SafetensorsTensor.ElementSize(t.Tensor.Type)).ToList();
        var placed = new List<SafetensorsTensor>();
        long end = 0;
        foreach ((SafetensorsTensor tensor, _) in ordered)
        {
            long begin = end;
            end += SafetensorsTensor.Count(tensor.Shape) * SafetensorsTensor.ElementSize(tensor.Type);
            placed.Add(tensor with { Begin = begin, End = end });
        }
        if (HasChecksum)
            Metadata[SafetensorsChecksum.Key] = Checksum(ordered);
        byte[] header = SafetensorsHeader.Write(placed, Metadata.AsReadOnly());
        if (header.Length > SafetensorsHeader.LongestOf(end))
            throw new InvalidOperationException(Invariant(
                $"The names and metadata come to {header.Length} bytes beside {end} bytes of values; expected at most {SafetensorsHeader.LongestOf(end)}."));
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Action<Sink> write) in ordered)
            write(stream.Write);
    }

    private string Checksum(List<(SafetensorsTensor Tensor, Action<Sink> Write)> ordered)
    {
        var checksum = new SafetensorsChecksum();
        checksum.Add(Metadata);
        foreach ((SafetensorsTensor tensor, Action<Sink> write) in ordered)
        {
            checksum.Add(tensor);
            write(checksum.Add);
        }
        return checksum.ToString();
    }

    private static void WriteValues<T>(Sink sink, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // In pieces, since a span of bytes cannot hold more than 2 GiB.
        const int Piece = 1 << 20;
        for (; !values.IsEmpty; values = values[Math.Min(Piece, values.Length)..])
        {
            ReadOnlySpan<T> piece = values[..Math.Min(Piece, values.Length)];
            if (!BitConverter.IsLittleEndian)
                piece = Reversed(piece);
            sink(MemoryMarshal.AsBytes(piece));
        }
    }

    private static T[] Reversed<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        T[] copy = values.ToArray();
        SafetensorsReader.ReverseBytes<T>(copy);
        return copy;
    }
}
