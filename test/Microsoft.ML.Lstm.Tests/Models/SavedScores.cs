using System.Globalization;

namespace Microsoft.ML.Lstm.Tests.Models;

/// <summary>What a model said when it was saved: a row each, inputs and scores as the bits of their floats in hexadecimal, or a text and scores.</summary>
internal static class SavedScores
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Models", "Version1");

    /// <summary>The .zip of that name.</summary>
    public static string Model(string name) => Path.Combine(s_folder, name + ".zip");

    /// <summary>The rows, cut into input and scores.</summary>
    public static IEnumerable<(string Input, string Scores)> Rows(string name) =>
        File.ReadLines(Path.Combine(s_folder, name + ".txt")).Select(line => (line.Split('|')[0], line.Split('|')[1]));

    /// <summary>Floats of their bits.</summary>
    public static float[] Floats(string bits) =>
        [.. bits.Split(' ').Select(word => BitConverter.UInt32BitsToSingle(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];

    /// <summary>The bits of floats.</summary>
    public static string Bits(ReadOnlySpan<float> values) =>
        string.Join(' ', values.ToArray().Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture)));
}
