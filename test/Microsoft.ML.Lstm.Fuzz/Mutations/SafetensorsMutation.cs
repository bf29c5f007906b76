using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz.Mutations;

/// <summary>
/// Damage to a safetensors file that stays one as far as it can: its header, the JSON within its metadata, its values; a foreign tensor, a swapped
/// one. The checksum mostly goes, or is made the right one again, as an attacker would see to.
/// </summary>
internal sealed class SafetensorsMutation : IMutation
{
    private const string Metadata = "__metadata__";
    private static readonly float[] Floats = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -1e30f, 0, -0f, float.Epsilon, 1e9f, -1];
    private static readonly ulong[] Lengths = [0, 1, 7, 8, 100_000_000, 100_000_001, int.MaxValue, uint.MaxValue, ulong.MaxValue, 1UL << 40];

    public byte[] Apply(byte[] file, RandomStream random)
    {
        byte[] damaged = Damaged(file, random);
        return random.NextInt(2) == 0 ? damaged : WithItsChecksum(damaged);
    }

    private static byte[] WithItsChecksum(byte[] file)
    {
        try
        {
            SafetensorsReader reader = SafetensorsReader.ReadHeader(new MemoryStream(file));
            int begin = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            var checksum = new SafetensorsChecksum();
            checksum.Add(reader.Metadata);
            foreach (SafetensorsTensor tensor in reader.Tensors)
            {
                checksum.Add(tensor);
                checksum.Add(file.AsSpan(begin + (int)tensor.Begin, (int)(tensor.End - tensor.Begin)));
            }
            if (JsonMutation.Parse(Encoding.UTF8.GetString(file, 8, begin - 8)) is not JsonObject root || root[Metadata] is not JsonObject metadata)
                return file;
            metadata[SafetensorsChecksum.Key] = checksum.ToString();
            return Join(root.ToJsonString(), file[begin..]);
        }
        catch (InvalidDataException)
        {
            // What is no such file has no checksum.
            return file;
        }
    }

    private static byte[] Damaged(byte[] file, RandomStream random)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(file) is var length && length > (ulong)(file.Length - 8))
            return file;
        string header = Encoding.UTF8.GetString(file, 8, (int)length);
        byte[] values = file[(8 + (int)length)..];
        if (random.NextInt(20) == 0)
            return [.. Prefix(Lengths[random.NextInt(Lengths.Length)]), .. file[8..]];
        if (random.NextInt(6) == 0)
            return Join(header, Changed(values, random));
        if (JsonMutation.Parse(header) is not JsonObject root)
            return file;
        if (random.NextInt(4) != 0)
            (root[Metadata] as JsonObject)?.Remove("checksum");
        switch (random.NextInt(5))
        {
            case 0:
                return Join(JsonMutation.Apply(root.ToJsonString(), random) ?? header, values);
            case 1:
                int extra = 4 * random.NextInt(100);
                root[$"foreign{random.NextInt(9)}"] = JsonNode.Parse($$"""{"dtype":"F32","shape":[{{extra / 4}}],"data_offsets":[{{values.Length}},{{values.Length + extra}}]}""");
                return Join(root.ToJsonString(), [.. values, .. new byte[extra]]);
            case 2 when root.Count > 2:
                string a = root.ElementAt(random.NextInt(root.Count)).Key, b = root.ElementAt(random.NextInt(root.Count)).Key;
                (root[a], root[b]) = (root[b]?.DeepClone(), root[a]?.DeepClone());
                return Join(root.ToJsonString(), values);
            default:
                ChangeMetadata(root[Metadata] as JsonObject, random);
                return Join(root.ToJsonString(), values);
        }
    }

    private static void ChangeMetadata(JsonObject? metadata, RandomStream random)
    {
        if (metadata is null || metadata.Count == 0)
            return;
        string key = metadata.ElementAt(random.NextInt(metadata.Count)).Key;
        if (metadata[key] is not JsonValue value || !value.TryGetValue(out string? text))
            return;
        metadata[key] = JsonMutation.Apply(text, random) ?? Encoding.UTF8.GetString(new BytesMutation().Apply(Encoding.UTF8.GetBytes(text), random));
    }

    private static byte[] Changed(byte[] values, RandomStream random)
    {
        if (values.Length < 4 || random.NextInt(4) == 0)
            return new BytesMutation().Apply(values, random);
        byte[] copy = [.. values];
        for (int i = random.NextInt(4); i >= 0; i--)
            BitConverter.TryWriteBytes(copy.AsSpan(4 * random.NextInt(copy.Length / 4)), Floats[random.NextInt(Floats.Length)]);
        return copy;
    }

    private static byte[] Join(string header, byte[] values)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(header);
        return [.. Prefix((ulong)bytes.Length), .. bytes, .. values];
    }

    private static byte[] Prefix(ulong length)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return prefix;
    }
}
