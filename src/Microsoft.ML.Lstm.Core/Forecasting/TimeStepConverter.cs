using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>A time step as the text that <see cref="TimeStep.Parse"/> reads.</summary>
internal sealed class TimeStepConverter : JsonConverter<TimeStep>
{
    public override TimeStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return TimeStep.Parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeStep value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}
