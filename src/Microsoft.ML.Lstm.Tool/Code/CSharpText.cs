using System.Text;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>Names and values as C# writes them, whatever is in them.</summary>
internal static class CSharpText
{
    /// <summary>A local function that puts quotes around a field of a CSV where it needs them; a blank line before it.</summary>
    public const string Quoted = """

        static string Quoted(string field) => field.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
        """;

    /// <summary>A text.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char c in text)
            literal.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085' || char.IsSurrogate(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return literal.Append('"').ToString();
    }

    /// <summary>A character.</summary>
    public static string Literal(char c) => c == '\t' ? "'\\t'" : c == '\'' ? "'\\''" : $"'{c}'";

    /// <summary>A collection of texts.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    /// <summary>The name of a property for a column, which no other has; it is taken from then on.</summary>
    public static string Identifier(string column, HashSet<string> taken)
    {
        string plain = string.Concat(column.Select(c => char.IsLetterOrDigit(c) ? c : '_'));
        plain = plain.Length == 0 || char.IsDigit(plain[0]) ? $"_{plain}" : char.ToUpperInvariant(plain[0]) + plain[1..];
        string free = plain;
        for (int n = 2; !taken.Add(free); n++)
            free = $"{plain}{n}";
        return free;
    }

    /// <summary>Lines of initialisers, four blanks in.</summary>
    public static string Initialisers(IEnumerable<string> assignments) => string.Join("\n", assignments.Select(one => $"    {one},"));
}
