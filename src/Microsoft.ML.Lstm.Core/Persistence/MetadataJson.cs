using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>The JSON in files' metadata that describes a network and its loss. Generated at compile time: no reflection, so it survives trimming.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(LossSpec))]
[JsonSerializable(typeof(WindowTransform))]
internal sealed partial class MetadataJson : JsonSerializerContext
{
    // A layer takes a few characters; nothing trains a network of ten thousand layers.
    private const int LongestNetwork = 1 << 16;

    /// <summary>Reads one entry of a file's metadata.</summary>
    /// <exception cref="InvalidDataException">It is missing or no such JSON.</exception>
    public static T Read<T>(IReadOnlyDictionary<string, string> metadata, string key, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return metadata.TryGetValue(key, out string? text) && JsonSerializer.Deserialize(text, type) is { } value
                ? value
                : throw new InvalidDataException(Invariant($"The metadata has no '{key}'; it has {Excerpt.Of(metadata.Keys)}."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new InvalidDataException(Invariant($"The metadata's '{key}' is not JSON as expected: {Excerpt.Of(e)}"), e);
        }
    }

    /// <summary>Reads and validates a network's architecture.</summary>
    /// <exception cref="InvalidDataException">It is missing, no such JSON, or does not fit together.</exception>
    public static (NetworkSpec Spec, ParameterLayout Layout) ReadNetwork(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue("network", out string? text) && text.Length > LongestNetwork)
            throw new InvalidDataException(Invariant($"The metadata's 'network' has {text.Length} characters; expected at most {LongestNetwork}."));
        NetworkSpec spec = Read(metadata, "network", Default.NetworkSpec);
        try
        {
            if (spec.HiddenSizes is null)
                throw new InvalidDataException(Invariant($"The metadata's 'network' has no {nameof(spec.HiddenSizes)}."));
            return (spec, new ParameterLayout(spec));
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException(Invariant($"The metadata's 'network' does not fit together: {Excerpt.Of(e)}"), e);
        }
    }
}
