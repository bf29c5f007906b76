using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>Class weights as JSON: <c>"Equal"</c>, <c>"Balanced"</c>, or an array of one for each class.</summary>
internal sealed class ClassWeightsConverter : JsonConverter<ClassWeights>
{
    /// <inheritdoc/>
    public override ClassWeights Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
            return ClassWeights.Of(JsonSerializer.Deserialize<float[]>(ref reader, options)!);
        return reader.GetString() switch
        {
            nameof(ClassWeights.Equal) => ClassWeights.Equal,
            nameof(ClassWeights.Balanced) => ClassWeights.Balanced,
            var other => throw new JsonException(
                Invariant($"The class weights are '{other}'; expected {nameof(ClassWeights.Equal)}, {nameof(ClassWeights.Balanced)} or an array.")),
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ClassWeights value, JsonSerializerOptions options)
    {
        if (value.Given is { } given)
            JsonSerializer.Serialize(writer, given, options);
        else
            writer.WriteStringValue(value == ClassWeights.Balanced ? nameof(ClassWeights.Balanced) : nameof(ClassWeights.Equal));
    }
}
