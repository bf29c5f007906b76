using System.Globalization;
using System.Text;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// What a file holds, cut to a length that a message can bear: a file must not be able to make a message of millions of characters, nor
/// one that moves the cursor of the terminal it is shown in.
/// </summary>
internal static class Excerpt
{
    private const int LongestText = 80, LongestMessage = 400, MostNames = 8;

    /// <summary>A text: its first 80 characters, then how many there are; control characters and lone surrogates as \uXXXX.</summary>
    public static string Of(string? text) => text is null ? "null" : Cut(text, LongestText);

    /// <summary>The message of an error that may repeat what a file holds: its first 400 characters.</summary>
    public static string Of(Exception error) => Cut(error.Message, LongestMessage);

    /// <summary>The first 8 of some names, then how many there are.</summary>
    public static string Of(IEnumerable<string> names)
    {
        string[] first = [.. names.Take(MostNames + 1)];
        string list = string.Join(", ", first.Take(MostNames).Select(Of));
        return first.Length <= MostNames ? list : string.Create(CultureInfo.InvariantCulture, $"{list}, … ({names.Count()} in all)");
    }

    /// <summary>A shape: its first 8 sizes in brackets.</summary>
    public static string Of(IReadOnlyList<int> shape) => Invariant($"[{Of(shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]");

    private static string Cut(string text, int longest)
    {
        var cut = new StringBuilder();
        int taken = 0;
        for (; taken < text.Length && taken < longest; taken++)
        {
            char c = text[taken];
            bool isPair = char.IsHighSurrogate(c) && taken + 1 < text.Length && char.IsLowSurrogate(text[taken + 1]);
            if (isPair)
                cut.Append(c).Append(text[++taken]);
            else if (char.IsControl(c) || char.IsSurrogate(c))
                cut.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                cut.Append(c);
        }
        return taken < text.Length ? cut.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString() : cut.ToString();
    }
}
