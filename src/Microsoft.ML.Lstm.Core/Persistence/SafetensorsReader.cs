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
    /// Reads the header alone, so that names, shapes and metadata can be checked before <see cref="ReadValues(Stream)"/> takes memory for what
    /// they claim.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a valid header, or the stream is longer or shorter than it says.</exception>
    internal static SafetensorsReader ReadHeader(Stream stream) => new(SafetensorsPrefix.Read(stream, out bool isWhole), isWhole);

    /// <summary>Reads the values after the header, and verifies the checksum if the metadata has one.</summary>
    /// <exception cref="InvalidDataException">They are cut off, go on after the last tensor, or are not those that were written.</exception>
    internal void ReadValues(Stream stream)
    {
        var checksum = new SafetensorsChecksum();
        checksum.Add(Metadata);
        foreach (SafetensorsTensor tensor in Tensors)
        {
            checksum.Add(tensor);
            _values.Add(tensor.Name, tensor.Type switch
            {
                SafetensorsType.F32 => ReadValues<float>(stream, tensor, checksum),
                SafetensorsType.F64 => ReadValues<double>(stream, tensor, checksum),
                SafetensorsType.I32 => ReadValues<int>(stream, tensor, checksum),
                _ => ReadValues<long>(stream, tensor, checksum),
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
        else
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<T, int>(values), MemoryMarshal.Cast<T, int>(values));
    }

    private SafetensorsTensor Find(string name) => _tensors.TryGetValue(name, out SafetensorsTensor? found)
        ? found
        : throw SafetensorsHeader.Invalid(Invariant($"no tensor '{Excerpt.Of(name)}'"), Invariant($"among its {_tensors.Count}"), "one of that name");

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
