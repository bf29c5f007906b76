using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// A checksum (XXH128) of all that a safetensors file holds: metadata, names, types, shapes and values. It finds damage, such as a flipped
/// bit of a weight that nothing else would notice; it is no signature, since whoever changes a file can compute it anew.
/// </summary>
internal sealed class SafetensorsChecksum
{
    /// <summary>The metadata entry that the checksum is kept in.</summary>
    public const string Key = "checksum";

    private readonly XxHash128 _hash = new();

    /// <summary>Takes in the metadata, but for the checksum itself; first of all.</summary>
    public void Add(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        foreach ((string key, string value) in metadata.Where(pair => pair.Key != Key).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(key);
            Add(value);
        }
    }

    /// <summary>Takes in what the header says of a tensor, before its values.</summary>
    public void Add(SafetensorsTensor tensor)
    {
        Add(tensor.Name);
        Add((int)tensor.Type);
        Add(tensor.Shape.Count);
        foreach (int size in tensor.Shape)
            Add(size);
    }

    /// <summary>Takes in values as they lie in the file: little-endian.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => _hash.Append(bytes);

    /// <summary>The checksum as the metadata has it.</summary>
    public override string ToString() => "xxh128:" + Convert.ToHexStringLower(_hash.GetCurrentHash());

    // With its length, so that no two contents are one row of bytes.
    private void Add(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(bytes.Length);
        _hash.Append(bytes);
    }

    private void Add(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        _hash.Append(bytes);
    }
}
