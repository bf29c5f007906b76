using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Lstm.Training;

/// <summary>The JSON that checkpoints alone have in their metadata.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingProgress))]
[JsonSerializable(typeof(CheckpointScope))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    /// <summary>The first property in which two objects differ, with both values; null when they are alike.</summary>
    public static (string Property, string Found, string Expected)? FirstDifference<T>(T found, T expected, JsonTypeInfo<T> type)
    {
        JsonElement a = JsonSerializer.SerializeToElement(found, type), b = JsonSerializer.SerializeToElement(expected, type);
        foreach (JsonProperty property in b.EnumerateObject())
            if (a.GetProperty(property.Name).GetRawText() is var text && text != property.Value.GetRawText())
                return (property.Name, text, property.Value.GetRawText());
        return null;
    }
}
