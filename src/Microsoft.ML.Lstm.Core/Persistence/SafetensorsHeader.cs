using System.Text.Json;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// The JSON header of a safetensors file: <c>{"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3],
/// "data_offsets": [begin, end]}}</c>. Offsets count from the header's end; together the tensors cover the data without hole or overlap.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    internal const int MaximumLength = 100_000_000;

    /// <summary>The longest header that is read of a stream whose length is not known.</summary>
    internal const int MaximumLengthOfUnknown = 32 << 20;

    // More than the names, the history and the diagnosis of a long training take; a large vocabulary comes with larger values.
    private const int LongestBesideFewValues = 8 << 20;
    private const int MostDimensions = 64, MostTensors = 1 << 14;

    private const string MetadataName = "__metadata__";

    /// <summary>
    /// The longest header beside so many bytes of values: as long as they are, or 8 MiB. A few kilobytes of a .zip hold a hundred million spaces,
    /// which would cost memory for nothing.
    /// </summary>
    internal static long LongestOf(long valueBytes) => Math.Clamp(valueBytes, LongestBesideFewValues, MaximumLength);

    /// <summary>The header's bytes, padded with spaces to a multiple of 8.</summary>
    internal static byte[] Write(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
                WriteMetadata(json, metadata);
            foreach (SafetensorsTensor tensor in tensors)
                WriteTensor(json, tensor);
            json.WriteEndObject();
        }
        while (bytes.Length % 8 != 0)
            bytes.WriteByte((byte)' ');
        return bytes.ToArray();
    }

    /// <summary>Reads and checks a header; tensors come in the order of their data.</summary>
    /// <exception cref="InvalidDataException">It is not a valid header.</exception>
    internal static (List<SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Read(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || header[0] != '{')
            throw Invalid("the header", header.IsEmpty ? "empty" : Invariant($"beginning with byte 0x{header[0]:X2}"), "a JSON object beginning with '{'");
        var tensors = new List<SafetensorsTensor>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>();
        try
        {
            var json = new Utf8JsonReader(header);
            json.Read();
            while (NextProperty(ref json) is { } name)
            {
                if (!names.Add(name))
                    throw Invalid(Invariant($"'{Excerpt.Of(name)}'"), "in the header twice", "each name once");
                json.Read();
                if (tensors.Count == MostTensors)
                    throw Invalid("more", Invariant($"than {MostTensors} tensors"), "at most that many");
                if (name == MetadataName)
                    ReadMetadata(ref json, metadata);
                else
                    tensors.Add(ReadTensor(ref json, name));
            }
            if (json.Read())
                throw Invalid("the header", Invariant($"followed by {json.TokenType}"), "nothing but padding after the JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(Invariant($"A safetensors file has a header that is not JSON of the format: {Excerpt.Of(e)}"), e);
        }
        CheckOffsets(tensors);
        return (tensors, metadata);
    }

    internal static InvalidDataException Invalid(string what, string found, string expected) =>
        new(Invariant($"A safetensors file has {what} {found}; expected {expected}."));

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataName);
        // Sorted, so that equal contents give equal files.
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, SafetensorsTensor tensor)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString());
        json.WriteStartArray("shape");
        foreach (int size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(tensor.Begin);
        json.WriteNumberValue(tensor.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        Expect(json, JsonTokenType.StartObject, MetadataName);
        while (NextProperty(ref json) is { } key)
        {
            json.Read();
            Expect(json, JsonTokenType.String, Invariant($"{MetadataName} '{Excerpt.Of(key)}'"));
            if (!metadata.TryAdd(key, json.GetString()!))
                throw Invalid(Invariant($"{MetadataName} key '{Excerpt.Of(key)}'"), "twice", "each key once");
        }
    }

    private static SafetensorsTensor ReadTensor(ref Utf8JsonReader json, string name)
    {
        Expect(json, JsonTokenType.StartObject, Invariant($"tensor '{Excerpt.Of(name)}'"));
        string? type = null;
        long[]? shape = null, offsets = null;
        while (NextProperty(ref json) is { } field)
        {
            json.Read();
            bool first = field switch
            {
                "dtype" => Set(ref type, ReadText(ref json, Invariant($"tensor '{Excerpt.Of(name)}' dtype"))),
                "shape" => Set(ref shape, ReadSizes(ref json, Invariant($"tensor '{Excerpt.Of(name)}' shape"))),
                "data_offsets" => Set(ref offsets, ReadSizes(ref json, Invariant($"tensor '{Excerpt.Of(name)}' data_offsets"))),
                _ => throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"with field '{Excerpt.Of(field)}'"), "dtype, shape and data_offsets alone"),
            };
            if (!first)
                throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"with field '{Excerpt.Of(field)}' twice"), "each field once");
        }
        return Describe(
            name,
            type ?? throw Missing(name, "dtype"),
            shape ?? throw Missing(name, "shape"),
            offsets ?? throw Missing(name, "data_offsets"));
    }

    private static SafetensorsTensor Describe(string name, string dtype, long[] shape, long[] offsets)
    {
        // Enum.TryParse would also take numbers and lists.
        if (Array.IndexOf(Enum.GetNames<SafetensorsType>(), dtype) is var index && index < 0)
            throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of dtype '{Excerpt.Of(dtype)}'"), "one of " + string.Join(", ", Enum.GetNames<SafetensorsType>()));
        var type = Enum.GetValues<SafetensorsType>()[index];
        foreach (long size in shape)
            if (size > int.MaxValue)
                throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"with a dimension of {size}"), Invariant($"at most {int.MaxValue}"));
        if (offsets.Length != 2)
            throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"with {offsets.Length} data_offsets"), "2");
        if (offsets[1] < offsets[0])
            throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"with data_offsets [{offsets[0]}, {offsets[1]}]"), "an end that is not before the beginning");
        int[] sizes = Array.ConvertAll(shape, size => (int)size);
        CheckSize(name, type, sizes, offsets);
        return new SafetensorsTensor(name, type, sizes, offsets[0], offsets[1]);
    }

    private static void CheckSize(string name, SafetensorsType type, int[] shape, long[] offsets)
    {
        long expected;
        try
        {
            expected = checked(SafetensorsTensor.Count(shape) * SafetensorsTensor.ElementSize(type));
        }
        catch (OverflowException)
        {
            throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of shape {Excerpt.Of(shape)}"), "a size that fits 63 bits");
        }
        if (offsets[1] - offsets[0] != expected)
            throw Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"of {offsets[1] - offsets[0]} bytes"),
                Invariant($"{expected} for {type} of shape {Excerpt.Of(shape)}"));
    }

    private static void CheckOffsets(List<SafetensorsTensor> tensors)
    {
        tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (tensor.Begin != end)
                throw Invalid(Invariant($"tensor '{Excerpt.Of(tensor.Name)}'"), Invariant($"beginning at byte {tensor.Begin}"),
                    Invariant($"{end}, where the data before it ends: no hole and no overlap"));
            end = tensor.End;
        }
    }

    private static string? NextProperty(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.EndObject ? null : json.GetString();
    }

    private static string ReadText(ref Utf8JsonReader json, string what)
    {
        Expect(json, JsonTokenType.String, what);
        return json.GetString()!;
    }

    private static long[] ReadSizes(ref Utf8JsonReader json, string what)
    {
        Expect(json, JsonTokenType.StartArray, what);
        var sizes = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            Expect(json, JsonTokenType.Number, what);
            if (!json.TryGetInt64(out long size) || size < 0)
                throw Invalid(what, "with a number that is negative, fractional or beyond 63 bits", "whole numbers from 0");
            if (sizes.Count == MostDimensions)
                throw Invalid(what, Invariant($"with more than {MostDimensions} numbers"), Invariant($"at most {MostDimensions}"));
            sizes.Add(size);
        }
        return [.. sizes];
    }

    private static bool Set<T>(ref T? field, T value)
        where T : class
    {
        bool first = field is null;
        field = value;
        return first;
    }

    private static void Expect(in Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (json.TokenType != type)
            throw Invalid(what, Invariant($"given as {json.TokenType}"), type.ToString());
    }

    private static InvalidDataException Missing(string name, string field) =>
        Invalid(Invariant($"tensor '{Excerpt.Of(name)}'"), Invariant($"without {field}"), "dtype, shape and data_offsets");
}
