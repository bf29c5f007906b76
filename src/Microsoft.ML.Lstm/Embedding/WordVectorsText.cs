using System.Globalization;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Embedding;

/// <summary>Reads the text form of word vectors line by line.</summary>
/// <param name="reader">The text.</param>
/// <param name="source">What it is, for messages.</param>
internal sealed class WordVectorsText(TextReader reader, string source)
{
    private static readonly char[] Separators = [' ', '\t'];
    private long _line;
    private int _size;

    /// <summary>Each word with its numbers.</summary>
    /// <exception cref="InvalidDataException">A line is not as expected.</exception>
    public IEnumerable<(string Word, float[] Vector)> Lines()
    {
        string[]? first = Next(), fields = first is null ? null : Next();
        // "400000 50": as many numbers follow each word as it says. Without a second line, or with another number of them, it is a word and a vector of one.
        bool hasHeader = first is [var count, var size] && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out _size) && _size > 0 && fields?.Length > _size && fields.Length > 2;
        if (first is null)
            yield break;
        if (!hasHeader)
        {
            _size = first.Length - 1;
            yield return Parse(first, line: 1);
        }
        for (; fields is not null; fields = Next())
            yield return Parse(fields, _line);
    }

    // Lines without anything on them say nothing; files tend to end with one.
    private string[]? Next()
    {
        string[] fields = [];
        while (fields.Length == 0)
        {
            if (reader.ReadLine() is not { } line)
                return null;
            _line++;
            fields = line.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        }
        return fields;
    }

    private (string Word, float[] Vector) Parse(string[] fields, long line)
    {
        int words = fields.Length - _size;
        if (_size == 0 || words < 1)
            throw new InvalidDataException(Invariant($"{source} has {Plural.Of(fields.Length - 1, "number")} after the word in line {line}; expected {Math.Max(1, _size)}{(_size == 0 ? " or more" : "")}."));
        float[] vector = new float[_size];
        for (int i = 0; i < _size; i++)
            if (!float.TryParse(fields[words + i], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i]) || !float.IsFinite(vector[i]))
                throw new InvalidDataException(Invariant($"{source} has '{Excerpt.Of(fields[words + i])}' for number {i + 1} in line {line}; expected a finite number, with a point before its decimals."));
        return (string.Join(' ', fields, 0, words), vector);
    }
}
