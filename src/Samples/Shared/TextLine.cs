namespace Samples.Shared;

/// <summary>A line of a text, as a row.</summary>
internal sealed class TextLine
{
    private const int QuickCount = 500;

    public string Text { get; set; } = "";

    /// <summary>The lines of a data file; a quick run reads some of them, or where no folder was named, a rhyme.</summary>
    public static TextLine[] Read(SampleContext context, string file)
    {
        IEnumerable<string> lines = context is { Quick: true, DataFolder: null } ? Rhyme() : File.ReadLines(context.DataFile(file));
        return [.. lines.Take(context.Quick ? QuickCount : int.MaxValue).Select(line => new TextLine { Text = line.Trim() })];
    }

    private static IEnumerable<string> Rhyme() => Enumerable.Repeat<string[]>(
    [
        "this is the house that jack built", "this is the malt", "that lay in the house that jack built",
        "this is the rat that ate the malt that lay in the old house that jack built",
    ], 60).SelectMany(verse => verse);
}
