using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Text;

/// <summary>A readable name for each character code from 1 on: the character itself where it can be seen.</summary>
internal static class CharacterNames
{
    // The C1 control characters, U+0080 to U+009F.
    private static readonly string[] Controls =
    [
        "PAD", "HOP", "BPH", "NBH", "IND", "NEL", "SSA", "ESA", "HTS", "HTJ", "VTS", "PLD", "PLU", "RI", "SS2", "SS3",
        "DCS", "PU1", "PU2", "STS", "CCH", "MW", "SPA", "EPA", "SOS", "SGCI", "SCI", "CSI", "ST", "OSC", "PM", "APC",
    ];

    private static readonly Lazy<ReadOnlyMemory<char>[]> Names =
        new(() => [.. Enumerable.Range(1, ushort.MaxValue).Select(code => NameOf((char)code).AsMemory())]);

    public static void Get(ref VBuffer<ReadOnlyMemory<char>> names) =>
        VBuffer<ReadOnlyMemory<char>>.Copy(Names.Value, 0, ref names, Names.Value.Length);

    private static string NameOf(char c) => c switch
    {
        <= ' ' => $"<{(char)(c + '\u2400')}>",
        '\u007F' => "<\u2421>",
        >= '\u0080' and <= '\u009F' => $"<{Controls[c - '\u0080']}>",
        '\u2028' => "<LSEP>",
        '\u2029' => "<PSEP>",
        // ML.NET means to write the code, but its format string does not.
        >= '\uD800' and <= '\uDFFF' => "\\u4X",
        _ => c.ToString(),
    };
}
