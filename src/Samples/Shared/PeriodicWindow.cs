using Microsoft.ML.Data;

namespace Samples.Shared;

/// <summary>Twelve characters of the text abcdefghijkl repeated, as codes from 0 to 11, and the one that follows.</summary>
internal sealed class PeriodicWindow
{
    /// <summary>Characters of the window, and of the alphabet.</summary>
    public const int Length = 12;

    [VectorType(Length)]
    public float[] Codes { get; set; } = [];

    public float Next { get; set; }

    /// <summary>Windows that begin one character after another.</summary>
    public static PeriodicWindow[] Sequence(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PeriodicWindow { Codes = CodesFrom(i, Length), Next = (i + Length) % Length })];

    /// <summary>
    /// Batches of 12 random windows read as [steps, windows] where they are [windows, steps]: row i is the i-th character of every window, with the
    /// answer of the i-th.
    /// </summary>
    public static IEnumerable<PeriodicWindow> Misread(PeriodicWindow[] windows)
    {
        PeriodicWindow[] shuffled = [.. windows];
        new Random(1).Shuffle(shuffled);
        return shuffled.Chunk(Length).Where(batch => batch.Length == Length)
            .SelectMany(batch => batch.Select((window, i) => new PeriodicWindow { Codes = [.. batch.Select(other => other.Codes[i])], Next = window.Next }));
    }

    /// <summary>The text from any character on.</summary>
    public static float[] CodesFrom(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (float)(i % Length))];

    /// <summary>Codes as characters.</summary>
    public static string Text(IEnumerable<float> codes) => string.Concat(codes.Select(code => (char)('a' + code)));
}
