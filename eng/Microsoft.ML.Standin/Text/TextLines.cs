using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The lines of files that hold rows. Each file may open with comments and a header.</summary>
internal static class TextLines
{
    public static IEnumerable<(long Number, string Text)> ReadRows(IMultiStreamSource source, TextFormat format)
    {
        long rows = 0;
        for (int file = 0; file < source.Count; file++)
        {
            foreach ((long number, string text) in ReadFile(source, file, format).Skip(format.HasHeader ? 1 : 0))
            {
                if (rows++ >= format.MaxRows)
                    yield break;
                yield return (number, text);
            }
        }
    }

    /// <summary>The first lines, header and all.</summary>
    public static string[] ReadSample(IMultiStreamSource source, TextFormat format, int count) =>
        [.. Enumerable.Range(0, source.Count).SelectMany(file => ReadFile(source, file, format)).Take(count).Select(line => line.Text)];

    /// <summary>The comments at the top of the first file that describe how to load it, without their marks.</summary>
    public static string ReadEmbeddedOptions(IMultiStreamSource source)
    {
        if (source.Count == 0)
            return "";
        using TextReader reader = source.OpenTextReader(0);
        var text = new StringBuilder();
        while (reader.ReadLine() is { } line && (line.Length == 0 || IsComment(line)))
        {
            if (line.StartsWith("#@", StringComparison.Ordinal))
                text.Append(line.AsSpan(2).Trim()).Append(' ');
        }
        return text.ToString().Trim();
    }

    private static IEnumerable<(long Number, string Text)> ReadFile(IMultiStreamSource source, int file, TextFormat format)
    {
        using TextReader reader = source.OpenTextReader(file);
        bool inComments = true;
        long number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || (inComments && IsComment(line)))
                continue;
            inComments = false;
            long first = number;
            while (format.ReadMultilines && FieldSplitter.EndsInsideQuotes(line, format))
            {
                string next = reader.ReadLine() ?? throw new EndOfStreamException(
                    $"A quoted field opened on line {first} of '{source.GetPathOrNull(file)}' was never closed.");
                line = line + "\n" + next;
                number++;
            }
            yield return (first, line);
        }
    }

    private static bool IsComment(string line) => line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal);
}
