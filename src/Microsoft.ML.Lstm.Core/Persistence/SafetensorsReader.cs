using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors) read into memory and checked: tensors of F32, F64, I32 and I64, and texts.
/// Nothing in it is executed.
/// </summary>
public sealed class SafetensorsReader
{
    private readonly Dictionary<string, (SafetensorsTensor Tensor, Array Values)> _tensors = [];

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">Where from; it need not seek, and stays open.</param>
    /// <exception cref="InvalidDataException">It is not a whole and valid safetensors file; says what was found and expected.</exception>
    public SafetensorsReader(Stream stream)
    {
        (List<SafetensorsTensor> tensors, Dictionary<string, string> metadata) = SafetensorsHeader.Read(ReadHeader(stream));
        (Tensors, Metadata) = (tensors, metadata);
        foreach (SafetensorsTensor tensor in tensors)
            _tensors.Add(tensor.Name, (tensor, tensor.Type switch
            {
                SafetensorsType.F32 => ReadValues<float>(stream, tensor),
                SafetensorsType.F64 => ReadValues<double>(stream, tensor),
                SafetensorsType.I32 => ReadValues<int>(stream, tensor),
                _ => ReadValues<long>(stream, tensor),
            }));
        if (stream.ReadByte() >= 0)
            throw SafetensorsHeader.Invalid("bytes", "after its last tensor", "the end of the file");
    }

    /// <summary>All tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name.</exception>
    public IReadOnlyList<int> Shape(string name) => Find(name).Tensor.Shape;

    /// <summary>The elements of a tensor, row-major.</summary>
    /// <typeparam name="T">Its element type: <see cref="float"/>, <see cref="double"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
    /// <exception cref="InvalidDataException">There is no tensor of that name, or it is of another type.</exception>
    public ReadOnlySpan<T> Values<T>(string name)
        where T : unmanaged
    {
        (SafetensorsTensor tensor, Array values) = Find(name);
        SafetensorsType wanted = SafetensorsTensor.TypeOf<T>();
        return values as T[] is { } typed && tensor.Type == wanted
            ? typed
            : throw SafetensorsHeader.Invalid(Invariant($"tensor '{name}'"), Invariant($"of type {tensor.Type}"), wanted.ToString());
    }

    internal static void ReverseBytes<T>(Span<T> values)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == sizeof(long))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, long>(values), MemoryMarshal.Cast<T, long>(values));
        else
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, int>(values), MemoryMarshal.Cast<T, int>(values));
    }

    private (SafetensorsTensor Tensor, Array Values) Find(string name) => _tensors.TryGetValue(name, out var found)
        ? found
        : throw SafetensorsHeader.Invalid(Invariant($"no tensor '{name}'"), Invariant($"among its {_tensors.Count}"), "one of that name");

    private static byte[] ReadHeader(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        int found = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (found < prefix.Length)
            throw SafetensorsHeader.Invalid("only", Invariant($"{Plural.Of(found, "byte")}"), "8 bytes of header length at the beginning");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumLength)
            throw SafetensorsHeader.Invalid("a header length", Invariant($"of {length}"), Invariant($"at most {SafetensorsHeader.MaximumLength}"));
        byte[] header = ReadUpTo<byte>(stream, (long)length, out long bytes);
        return bytes == (long)length
            ? header
            : throw SafetensorsHeader.Invalid("a header", Invariant($"that ends after {Plural.Of(bytes, "byte")}"), Invariant($"{length}, the length it states"));
    }

    private static T[] ReadValues<T>(Stream stream, SafetensorsTensor tensor)
        where T : unmanaged
    {
        if (tensor.Length > Array.MaxLength)
            throw SafetensorsHeader.Invalid(Invariant($"tensor '{tensor.Name}'"), Invariant($"of {tensor.Length} elements"), Invariant($"at most {Array.MaxLength}"));
        T[] values = ReadUpTo<T>(stream, tensor.Length, out long bytes);
        if (bytes != tensor.End - tensor.Begin)
            throw SafetensorsHeader.Invalid(Invariant($"tensor '{tensor.Name}'"), Invariant($"that ends after {Plural.Of(bytes, "byte")}"),
                Invariant($"{tensor.End - tensor.Begin}: the file is cut off"));
        if (!BitConverter.IsLittleEndian)
            ReverseBytes<T>(values);
        return values;
    }

    /// <summary>Reads that many elements or to the end, growing as data comes, so that a false size cannot claim memory.</summary>
    private static T[] ReadUpTo<T>(Stream stream, long length, out long bytes)
        where T : unmanaged
    {
        const int First = 1 << 20;
        var values = new T[Math.Min(length, First)];
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
