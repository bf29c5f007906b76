using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors) read into memory and checked: tensors of all types but those of 8 bits that are floating, and texts; values are given of F32, F64, I32 and I64.
/// Nothing in it is executed.
/// </summary>
public sealed class SafetensorsReader
{
    private readonly Dictionary<string, SafetensorsTensor> _tensors;
    private readonly Dictionary<string, Array> _values = [];
    private readonly bool _isWhole;

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">Where from; it need not seek, and stays open.</param>
    /// <exception cref="InvalidDataException">It is not a whole and valid safetensors file; says what was found and expected.</exception>
    public SafetensorsReader(Stream stream)
        : this(SafetensorsPrefix.Read(stream, out bool isWhole), isWhole) => ReadValues(stream);

    private SafetensorsReader((List<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) header, bool isWhole)
    {
        (Tensors, Metadata, _isWhole) = (header.Tensors, header.Metadata, isWhole);
        _tensors = header.Tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>
    /// Reads the header alone, so that names, shapes and metadata can be checked before <see cref="ReadValues(Stream, Func{string, bool})"/> takes memory for what
    /// they claim.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a valid header, or the stream is longer or shorter than it says.</exception>
    internal static SafetensorsReader ReadHeader(Stream stream) => new(SafetensorsPrefix.Read(stream, out bool isWhole), isWhole);

    /// <summary>Reads the values after the header, and verifies the checksum if the metadata has one.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="isNeeded">Whether the values of a tensor are kept; null: those of all. Others take no memory.</param>
    /// <exception cref="InvalidDataException">They are cut off, go on after the last tensor, or are not those that were written.</exception>
    internal void ReadValues(Stream stream, Func<string, bool>? isNeeded = null)
    {
        var checksum = new SafetensorsChecksum();
        checksum.Add(Metadata);
        foreach (SafetensorsTensor tensor in Tensors)
        {
            checksum.Add(tensor);
            if (isNeeded?.Invoke(tensor.Name) == false)
            {
                Skip(stream, tensor, checksum);
                continue;
            }
            _values.Add(tensor.Name, tensor.Type switch
            {
                SafetensorsType.F32 => ReadValues<float>(stream, tensor, checksum),
                SafetensorsType.F64 => ReadValues<double>(stream, tensor, checksum),
                SafetensorsType.F16 => ReadValues<Half>(stream, tensor, checksum),
                _ => SafetensorsTensor.ElementSize(tensor.Type) switch
                {
                    8 => ReadValues<long>(stream, tensor, checksum),
                    4 => ReadValues<int>(stream, tensor, checksum),
                    2 => ReadValues<ushort>(stream, tensor, checksum),
                    _ => ReadValues<byte>(stream, tensor, checksum),
                },
            });
        }
        if (stream.ReadByte() >= 0)
            throw SafetensorsPrefix.TooLong();
        if (Metadata.TryGetValue(SafetensorsChecksum.Key, out string? stated) && stated != checksum.ToString())
            throw SafetensorsHeader.Invalid("contents", Invariant($"whose checksum is {checksum}"), Invariant($"{Excerpt.Of(stated)}: the file was damaged or changed after it was written"));
    }

    /// <summary>All tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name.</exception>
    public IReadOnlyList<int> Shape(string name) => Find(name).Shape;

    /// <summary>The elements of a tensor, row-major.</summary>
    /// <typeparam name="T">Its element type: <see cref="float"/>, <see cref="double"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
    /// <exception cref="InvalidDataException">There is no tensor of that name, or it is of another type.</exception>
    public ReadOnlySpan<T> Values<T>(string name)
        where T : unmanaged
    {
        Require(name, SafetensorsTensor.TypeOf<T>());
        return (T[])_values[name];
    }

    /// <summary>The elements of a tensor of any floating type, as single precision.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of that name, or it is of no floating type.</exception>
    internal float[] Floats(string name) => Find(name).Type switch
    {
        SafetensorsType.F32 => (float[])_values[name],
        SafetensorsType.F64 => Array.ConvertAll((double[])_values[name], value => (float)value),
        SafetensorsType.F16 => Array.ConvertAll((Half[])_values[name], value => (float)value),
        SafetensorsType.BF16 => Array.ConvertAll((ushort[])_values[name], value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
        var type => throw SafetensorsHeader.Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of type {type}"), "F32, F64, F16 or BF16"),
    };

    /// <summary>Refuses a tensor that is missing or of another type.</summary>
    /// <exception cref="InvalidDataException">Names the tensor and its type.</exception>
    internal void Require(string name, SafetensorsType type)
    {
        if (Find(name).Type is var found && found != type)
            throw SafetensorsHeader.Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of type {found}"), type.ToString());
    }

    /// <summary>Refuses a tensor that is missing, or of another type or shape.</summary>
    /// <exception cref="InvalidDataException">Names the tensor and what differs.</exception>
    internal void Require(string name, SafetensorsType type, params ReadOnlySpan<int> shape)
    {
        Require(name, type);
        int[] found = [.. Shape(name)];
        if (!shape.SequenceEqual(found))
            throw SafetensorsHeader.Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of shape {Excerpt.Of(found)}"), Excerpt.Of(shape.ToArray()));
    }

    /// <summary>Refuses tensors beside those that are known.</summary>
    /// <exception cref="InvalidDataException">Names the first.</exception>
    internal void RequireOnly(Func<string, bool> isKnown, string expected)
    {
        foreach (SafetensorsTensor tensor in Tensors)
            if (!isKnown(tensor.Name))
                throw SafetensorsHeader.Invalid("a foreign tensor", Invariant($"'{Excerpt.Of(tensor.Name)}'"), expected);
    }

    internal static void ReverseBytes<T>(Span<T> values)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() == sizeof(long))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, long>(values), MemoryMarshal.Cast<T, long>(values));
        else if (Unsafe.SizeOf<T>() == sizeof(int))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, int>(values), MemoryMarshal.Cast<T, int>(values));
        else if (Unsafe.SizeOf<T>() == sizeof(short))
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, short>(values), MemoryMarshal.Cast<T, short>(values));
    }

    private SafetensorsTensor Find(string name) => _tensors.TryGetValue(name, out SafetensorsTensor? found)
        ? found
        : throw SafetensorsHeader.Invalid(Invariant($"no tensor '{Excerpt.Of(name)}'"), Invariant($"among its {_tensors.Count}"), "one of that name");

    private static void Skip(Stream stream, SafetensorsTensor tensor, SafetensorsChecksum checksum)
    {
        byte[] piece = new byte[1 << 16];
        for (long left = tensor.End - tensor.Begin; left > 0;)
        {
            int found = stream.ReadAtLeast(piece.AsSpan(0, (int)Math.Min(piece.Length, left)), 1, throwOnEndOfStream: false);
            if (found == 0)
                throw SafetensorsPrefix.CutOff(tensor, tensor.End - tensor.Begin - left);
            checksum.Add(piece.AsSpan(0, found));
            left -= found;
        }
    }

    private T[] ReadValues<T>(Stream stream, SafetensorsTensor tensor, SafetensorsChecksum checksum)
        where T : unmanaged
    {
        T[] values = BoundedRead.UpTo<T>(stream, tensor.Length, _isWhole, out long bytes);
        if (bytes != tensor.End - tensor.Begin)
            throw SafetensorsPrefix.CutOff(tensor, bytes);
        // A span of bytes cannot hold more than 2 GiB.
        const int Piece = 1 << 27;
        for (int done = 0; done < values.Length; done += Piece)
            checksum.Add(MemoryMarshal.AsBytes(values.AsSpan(done, Math.Min(Piece, values.Length - done))));
        if (!BitConverter.IsLittleEndian)
            ReverseBytes<T>(values);
        return values;
    }
}
