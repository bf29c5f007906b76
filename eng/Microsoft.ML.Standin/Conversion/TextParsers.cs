using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>What ML.NET understands as numbers, truth values, times and keys.</summary>
internal static class TextParsers
{
    private static readonly string[] True = ["t", "y", "1", "+", "+1", "yes", "true"];
    private static readonly string[] False = ["", "f", "n", "0", "-", "-1", "no", "false"];

    public static TextParser<T> Get<T>(char decimalMarker = '.', bool emptyIsMissing = false)
    {
        Delegate parser = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Single => (TextParser<float>)((ReadOnlyMemory<char> text, out float value) =>
            {
                bool parsed = TryParseReal(text.Span, decimalMarker, emptyIsMissing, out double real);
                value = (float)real;
                return parsed;
            }),
            TypeCode.Double => (TextParser<double>)((ReadOnlyMemory<char> text, out double value) =>
                TryParseReal(text.Span, decimalMarker, emptyIsMissing, out value)),
            TypeCode.SByte => (TextParser<sbyte>)TryParseSigned,
            TypeCode.Int16 => (TextParser<short>)TryParseSigned,
            TypeCode.Int32 => (TextParser<int>)TryParseSigned,
            TypeCode.Int64 => (TextParser<long>)TryParseSigned,
            TypeCode.Byte => (TextParser<byte>)TryParseUnsigned,
            TypeCode.UInt16 => (TextParser<ushort>)TryParseUnsigned,
            TypeCode.UInt32 => (TextParser<uint>)TryParseUnsigned,
            TypeCode.UInt64 => (TextParser<ulong>)TryParseUnsigned,
            TypeCode.Boolean => (TextParser<bool>)TryParseBoolean,
            TypeCode.DateTime => (TextParser<DateTime>)TryParseDate,
            _ when typeof(T) == typeof(ReadOnlyMemory<char>) => (TextParser<ReadOnlyMemory<char>>)TakeText,
            _ when typeof(T) == typeof(TimeSpan) => (TextParser<TimeSpan>)TryParseSpan,
            _ => (TextParser<DateTimeOffset>)TryParseOffset,
        };
        return (TextParser<T>)parser;
    }

    /// <summary>The text is the 0-based number of the key; nothing or a missing mark is the missing key.</summary>
    public static TextParser<T> GetKey<T>(KeyDataViewType key)
    {
        var convert = (Func<ulong, T>)StandardConversions.GetOrNull(
            NumberDataViewType.UInt64, ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T)));
        return (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty || IsMissingMark(text.Span))
                return true;
            if (!TryParseUnsigned(text, out ulong number) || number >= key.Count)
                return false;
            value = convert(number + 1);
            return true;
        };
    }

    private static bool TryParseReal(ReadOnlySpan<char> text, char decimalMarker, bool emptyIsMissing, out double value)
    {
        value = emptyIsMissing ? double.NaN : 0;
        ReadOnlySpan<char> trimmed = text.Trim();
        if (trimmed.IsEmpty)
            return true;
        // ML.NET reads a number after white space only if it is a single character at the end.
        bool isIndented = char.IsWhiteSpace(text[0]) && (trimmed.Length > 1 || text[^1] != trimmed[0]);
        text = isIndented ? text : trimmed;
        if (decimalMarker != '.')
            text = text.ToString().Replace(decimalMarker, '.');
        if (text.IndexOfAnyExcept("0123456789+-.eE") < 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return true;
        value = text switch
        {
            "Infinity" or "\u221E" => double.PositiveInfinity,
            "-Infinity" or "-\u221E" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return double.IsInfinity(value) || IsMissingMark(text);
    }

    private static bool IsMissingMark(ReadOnlySpan<char> text) => text is "?"
        || text.Equals("NA", StringComparison.OrdinalIgnoreCase)
        || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
        || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseSigned<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryInteger<T>
    {
        value = T.Zero;
        return text.IsEmpty || (text.Span[0] != '+'
            && T.TryParse(text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));
    }

    private static bool TryParseUnsigned<T>(ReadOnlyMemory<char> text, out T value)
        where T : IBinaryInteger<T> => T.TryParse(text.Span, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryParseBoolean(ReadOnlyMemory<char> text, out bool value)
    {
        string word = text.Length > 5 ? "?" : text.ToString();
        value = True.Contains(word, StringComparer.OrdinalIgnoreCase);
        return value || False.Contains(word, StringComparer.OrdinalIgnoreCase);
    }

    private static bool TakeText(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static bool TryParseSpan(ReadOnlyMemory<char> text, out TimeSpan value)
    {
        value = default;
        return text.IsEmpty || TimeSpan.TryParse(text.Span, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseDate(ReadOnlyMemory<char> text, out DateTime value)
    {
        value = default;
        return text.IsEmpty || DateTime.TryParse(text.Span, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }

    private static bool TryParseOffset(ReadOnlyMemory<char> text, out DateTimeOffset value)
    {
        value = default;
        return text.IsEmpty || DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }
}
