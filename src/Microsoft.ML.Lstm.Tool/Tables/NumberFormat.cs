using System.Globalization;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>How a table writes its values.</summary>
/// <param name="Decimal">What comes before the fraction: a point or a comma.</param>
/// <param name="Group">What stands between thousands; null: nothing.</param>
internal sealed record NumberFormat(char Decimal, char? Group)
{
    /// <summary>The minus sign of typographers, which spreadsheets and web pages write.</summary>
    public const char Minus = '\u2212';

    private const int Longest = 64;
    private static readonly char[] s_digits = [.. "0123456789"];
    private static readonly string[] s_missing = ["", "na", "n/a", "nan", "null", "none", "-", "?", "#n/a"];

    /// <summary>The formats that are looked for, the likelier first.</summary>
    public static IReadOnlyList<NumberFormat> All { get; } =
    [
        new('.', null), new('.', ','), new(',', null), new(',', '.'), new('.', ' '), new(',', ' '), new('.', '\''), new('.', '\u00A0'), new(',', '\u00A0'), new(',', '\u202F'),
    ];

    /// <summary>Whether a field says that there is no value.</summary>
    public static bool IsMissing(ReadOnlySpan<char> field)
    {
        field = field.Trim();
        foreach (string missing in s_missing)
            if (field.Equals(missing, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Reads a value. Thousands must stand in groups of three.</summary>
    public bool TryParse(ReadOnlySpan<char> field, out float value)
    {
        field = field.Trim();
        value = float.NaN;
        if (field.Length is 0 or > Longest)
            return false;
        Span<char> plain = stackalloc char[field.Length];
        int length = 0, sinceGroup = 0;
        bool grouped = false, inFraction = false;
        for (int i = 0; i < field.Length; i++)
        {
            char c = field[i];
            if (c == Group && !inFraction)
            {
                if (sinceGroup is 0 or > 3 || (grouped && sinceGroup != 3))
                    return false;
                (grouped, sinceGroup) = (true, 0);
                continue;
            }
            if (c == Decimal && !inFraction)
            {
                if (grouped && sinceGroup != 3)
                    return false;
                inFraction = true;
                plain[length++] = '.';
                continue;
            }
            if (c is '.' or ',')
                return false;
            if (c == Minus)
                c = '-';
            if (char.IsAsciiDigit(c))
                sinceGroup++;
            else if (c is 'e' or 'E')
                inFraction = true;
            plain[length++] = c;
        }
        if (grouped && !inFraction && sinceGroup != 3)
            return false;
        return float.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
    }

    /// <summary>
    /// Why a field that looks like a value is none, as a sentence to add to a message; empty if it does not look like one.
    /// </summary>
    public static string WhyNot(ReadOnlySpan<char> field)
    {
        string text = field.Trim().ToString();
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double large);
        if (isNumber && double.IsFinite(large) && Math.Abs(large) > float.MaxValue)
            return FormattableString.Invariant($" Values are at most {float.MaxValue:G2}: divide them by a power of ten.");
        if (!text.Any(char.IsAsciiDigit))
            return "";
        int first = text.IndexOfAny(s_digits), last = text.LastIndexOfAny(s_digits);
        return All.Any(format => format.TryParse(text.AsSpan(first, last - first + 1), out _)) && DateFormats.OfFirst([text]) is null
            ? $" A value with anything beside it, as \"{text[..first]}…{text[(last + 1)..]}\" here, is a text: "
                + "leave units and signs out of the fields."
            : "";
    }

    /// <summary>As the tool tells it.</summary>
    public override string ToString() => Group switch
    {
        null => $"'{Decimal}' before the fraction",
        ' ' or '\u00A0' or '\u202F' => $"'{Decimal}' before the fraction, spaces between thousands",
        { } group => $"'{Decimal}' before the fraction, '{group}' between thousands",
    };
}
