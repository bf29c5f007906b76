using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Models;

/// <summary>
/// Text as JSON, whatever it holds. A token may be half of a character outside the basic plane, which UTF-8 cannot write and the serialiser would
/// replace: such a text is written, as JSON allows, with every character escaped by its code unit, and read back as it was.
/// </summary>
internal sealed class LosslessText : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException(Invariant($"The JSON has {reader.TokenType}; expected a text."));
        if (!reader.ValueIsEscaped || reader.HasValueSequence)
            return reader.GetString();
        string raw = Encoding.UTF8.GetString(reader.ValueSpan);
        return IsWhole(raw) ? reader.GetString() : Unescape(raw);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        if (IsWellFormed(value))
        {
            writer.WriteStringValue(value);
            return;
        }
        var escaped = new StringBuilder("\"");
        foreach (char unit in value)
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        writer.WriteRawValue(escaped.Append('"').ToString(), skipInputValidation: true);
    }

    // Whether no escape of a surrogate is there; the serialiser reads everything else.
    private static bool IsWhole(string raw) => raw.IndexOf("\\ud", StringComparison.OrdinalIgnoreCase) < 0;

    private static bool IsWellFormed(string value)
    {
        for (int i = 0; i < value.Length; i++)
            if (char.IsSurrogate(value[i]) && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[++i])))
                return false;
        return true;
    }

    // The reader has checked the grammar.
    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            char kind = raw[++i];
            if (kind == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }
            text.Append(kind switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => kind });
        }
        return text.ToString();
    }
}
