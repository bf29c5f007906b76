namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>A line of a text.</summary>
internal sealed class TextLine
{
    public string Text { get; set; } = "";

    /// <summary>Reads the lines of a file.</summary>
    /// <exception cref="ToolException">It cannot be read, or has too few lines.</exception>
    public static TextLine[] Read(string path)
    {
        if (!File.Exists(path))
            throw new ToolException($"There is no file '{path}'; expected the path of a text.");
        TextLine[] lines = [.. File.ReadLines(path).Select(line => new TextLine { Text = line })];
        return lines.Length > 1 ? lines : throw new ToolException(FormattableString.Invariant($"'{path}' has {lines.Length} lines; expected at least 2, of which the last are held out by --test-fraction."));
    }
}
