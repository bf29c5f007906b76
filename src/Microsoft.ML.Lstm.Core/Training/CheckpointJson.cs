using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Training;

/// <summary>The JSON that checkpoints alone have in their metadata.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(CheckpointScope))]
[JsonSerializable(typeof(Handshake))]
[JsonSerializable(typeof(DataHandshake))]
[JsonSerializable(typeof(JsonDocument))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    /// <summary>
    /// The first property in which two objects differ, with both values; null when they are alike. Of objects within objects the name is
    /// <c>Outer.Inner</c>. What the found one lacks is passed over: an earlier version did not write it.
    /// </summary>
    public static (string Property, string Found, string Expected)? FirstDifference<T>(JsonElement found, T expected, JsonTypeInfo<T> type) =>
        FirstDifference(found, JsonSerializer.SerializeToElement(expected, type), "");

    /// <inheritdoc cref="FirstDifference{T}(JsonElement, T, JsonTypeInfo{T})"/>
    public static (string Property, string Found, string Expected)? FirstDifference<T>(T found, T expected, JsonTypeInfo<T> type) =>
        FirstDifference(JsonSerializer.SerializeToElement(found, type), expected, type);

    private static (string Property, string Found, string Expected)? FirstDifference(JsonElement found, JsonElement expected, string outer)
    {
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            if (!found.TryGetProperty(property.Name, out JsonElement value))
                continue;
            string name = outer + property.Name;
            if (value.ValueKind == JsonValueKind.Object && property.Value.ValueKind == JsonValueKind.Object)
            {
                if (FirstDifference(value, property.Value, name + ".") is { } inner)
                    return inner;
            }
            else if (value.GetRawText() != property.Value.GetRawText())
            {
                return (name, Excerpt.Of(value.GetRawText()), Excerpt.Of(property.Value.GetRawText()));
            }
        }
        return null;
    }
}
