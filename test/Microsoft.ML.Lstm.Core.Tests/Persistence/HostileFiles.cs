using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

/// <summary>A file built to cost its reader memory, time or the process.</summary>
/// <param name="Name">What it tries.</param>
/// <param name="Bytes">Makes it.</param>
internal sealed record HostileFile(string Name, Func<byte[]> Bytes);

/// <summary>Models that claim what they do not hold, or hold what nobody asked for.</summary>
internal static class HostileFiles
{
    private const string Small = """{"InputSize":1,"HiddenSizes":[1],"OutputSize":1}""";

    /// <summary>All of them; none may load.</summary>
    public static IEnumerable<HostileFile> Models() =>
    [
        new("a million layers", () => Model($$"""{"InputSize":1,"OutputSize":1,"HiddenSizes":[{{Repeat("1", 1_000_000)}}]}""")),
        new("as many layers as 64 KB name", () => Model($$"""{"InputSize":1,"OutputSize":1,"HiddenSizes":[{{Repeat("1", 30_000)}}]}""")),
        new("more input weights than an int counts", () => Model("""{"Cell":"RnnTanh","InputSize":134217728,"HiddenSizes":[1],"OutputSize":1}""")),
        new("more outputs than an int counts", () => Model("""{"InputSize":1,"HiddenSizes":[4],"OutputSize":2147483647}""")),
        new("an embedding of 2^62 weights", () => Model("""{"VocabularySize":2147483647,"EmbeddingSize":2147483647,"HiddenSizes":[1],"OutputSize":1}""")),
        new("layers of 2^31 units", () => Model("""{"InputSize":1,"HiddenSizes":[2147483647,2147483647],"OutputSize":1}""")),
        new("a foreign tensor of 64 MB", () => Model(Small, Tensor("foreign", "16777216", 1 << 26), 1 << 26)),
        new("a foreign tensor with a name of a million characters", () => Model(Small, Tensor(new string('n', 1_000_000), "0", 0))),
        new("a tensor that claims 8 GB", () => Model(Small, Tensor("output.weight", "2000000000", 8_000_000_000))),
        new("a hundred thousand tensors of nothing", () => Model(Small, string.Concat(Enumerable.Range(0, 100_000).Select(i => Tensor($"t{i}", "0", 0))))),
        new("a shape of a million dimensions", () => Model(Small, Tensor("output.weight", Repeat("1", 1_000_000), 4), 4)),
        new("67 MB of padding", () => File(Header(Small, "", "") + new string(' ', 67_000_000), 0)),
        new("67 MB in one text", () => File(Header(Small, Text("note", new string('a', 67_000_000)), ""), 0)),
        new("arrays a hundred thousand deep", () => Model($"{new string('[', 100_000)}{new string(']', 100_000)}")),
        new("a name twice", () => Model("""{"InputSize":1,"InputSize":1,"HiddenSizes":[1],"OutputSize":1}""")),
        new("half a character", () => File("""{"__metadata__":{"format":"\ud800"}}""", 0)),
        new("a format of a million characters", () => File("{\"__metadata__\":{" + Text("format", new string('f', 1_000_000))[1..] + "}}", 0)),
        new("a hundred thousand kinds of metadata", () => File(Header("null", string.Concat(Enumerable.Range(0, 100_000).Select(i => Text($"k{i}", ""))), ""), 0)),
        new("layers of null", () => Model("""{"InputSize":1,"HiddenSizes":null,"OutputSize":1}""")),
        new("no network", () => Model("null")),
        new("a cell of no kind", () => Model("""{"Cell":99,"InputSize":1,"HiddenSizes":[1],"OutputSize":1}""")),
    ];

    private static byte[] Model(string network, string tensors = "", int valueBytes = 0) => File(Header(network, "", tensors), valueBytes);

    private static string Header(string network, string metadata, string tensors) =>
        "{\"__metadata__\":{" + Text("format", "microsoft.ml.lstm.model")[1..] + Text("format_version", "1") + Text("loss", "{}") + Text("network", network) + metadata + "}" + tensors + "}";

    private static string Text(string key, string text) => $",\"{key}\":{JsonSerializer.Serialize(text)}";

    private static string Tensor(string name, string shape, long bytes) =>
        $",\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":[0,{bytes.ToString(CultureInfo.InvariantCulture)}]}}";

    private static string Repeat(string value, int count) => string.Join(',', Enumerable.Repeat(value, count));

    private static byte[] File(string header, int valueBytes)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), file = new byte[8 + json.Length + valueBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)json.Length);
        json.CopyTo(file, 8);
        return file;
    }
}
