using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz.Mutations;

/// <summary>Damage to JSON that stays JSON: a value becomes another, of the right kind or not; a name is changed, lost or given twice.</summary>
internal sealed class JsonMutation : IMutation
{
    private const string Placeholder = "8c1f0d3e";
    private static readonly JsonDocumentOptions Unique = new() { AllowDuplicateProperties = false };
    private static readonly string[] Values =
    [
        "null", "0", "1", "-1", "2", "7", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "1e308", "1e999", "1.5", "0.1e1", "true", "false", "[]", "{}",
        "\"\"", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"x\"", "\"1\"", "\"\\ud800\"", "\"\\u0000\"", "[null]", "[0]", "[1,1]", "[[1]]", "{\"a\":1}", "{\"a\":1,\"a\":2}",
        "99", "100000000", "65536", "134217728",
    ];

    public byte[] Apply(byte[] file, RandomStream random) =>
        Apply(Encoding.UTF8.GetString(file), random) is { } text ? Encoding.UTF8.GetBytes(text) : file;

    /// <summary>Damaged JSON; null when the text is none.</summary>
    public static string? Apply(string text, RandomStream random)
    {
        if (Parse(text) is not { } root)
            return null;
        List<JsonNode> nodes = [];
        Collect(root, nodes);
        if (nodes.Count == 0)
            return Value(random);
        JsonNode holder = nodes[random.NextInt(nodes.Count)];
        string value = Value(random);
        if (holder is JsonArray array)
            Change(array, random);
        else
            value = Change(holder.AsObject(), value, random);
        return root.ToJsonString().Replace($"\"{Placeholder}\"", value, StringComparison.Ordinal);
    }

    public static JsonNode? Parse(string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text, documentOptions: Unique);
            // What another change left, such as half a character, may not be written again.
            _ = node?.ToJsonString();
            return node is JsonValue ? null : node;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Value(RandomStream random) => random.NextInt(30) switch
    {
        0 => new string('[', 100) + new string(']', 100),
        1 => $"\"{new string('a', 100_000)}\"",
        2 => "[" + string.Join(",", Enumerable.Repeat("1", 20_000)) + "]",
        _ => Values[random.NextInt(Values.Length)],
    };

    private static void Collect(JsonNode? node, List<JsonNode> holders)
    {
        if (node is JsonObject { Count: > 0 } o)
        {
            holders.Add(o);
            foreach ((_, JsonNode? value) in o)
                Collect(value, holders);
        }
        else if (node is JsonArray { Count: > 0 } a)
        {
            holders.Add(a);
            foreach (JsonNode? value in a)
                Collect(value, holders);
        }
    }

    private static void Change(JsonArray array, RandomStream random)
    {
        int at = random.NextInt(array.Count);
        switch (random.NextInt(4))
        {
            case 0:
                array.RemoveAt(at);
                break;
            case 1:
                array.Insert(at, array[at]?.DeepClone());
                break;
            default:
                array[at] = Placeholder;
                break;
        }
    }

    private static string Change(JsonObject holder, string value, RandomStream random)
    {
        string name = holder.ElementAt(random.NextInt(holder.Count)).Key, other = holder.ElementAt(random.NextInt(holder.Count)).Key;
        switch (random.NextInt(8))
        {
            case 0:
                holder.Remove(name);
                return value;
            case 1:
                holder[name + "x"] = holder[name]?.DeepClone();
                holder.Remove(name);
                return value;
            case 2:
                holder[name] = holder[other]?.DeepClone();
                return value;
            case 3:
                // The name a second time, behind itself.
                string old = holder[name]?.ToJsonString() ?? "null";
                holder[name] = Placeholder;
                return $"{old},{JsonSerializer.Serialize(name)}:{value}";
            default:
                holder[name] = Placeholder;
                return value;
        }
    }
}
