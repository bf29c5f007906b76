using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>The fields of one line by ascending index; empty fields are left out unless they count as missing.</summary>
internal sealed class FieldSplitter(TextFormat format)
{
    private readonly StringBuilder _unquoted = new();
    private ReadOnlyMemory<char> _line;
    private int _next;

    public List<int> Indices { get; } = [];

    public List<ReadOnlyMemory<char>> Fields { get; } = [];

    /// <summary>One past the last index: what a vector of variable size extends to.</summary>
    public int Limit { get; private set; }

    public static bool EndsInsideQuotes(string line, TextFormat format)
    {
        // Trailing spaces may belong to the quoted text.
        var splitter = new FieldSplitter(format with { TrimWhitespace = false });
        splitter.Start(line);
        bool open;
        do
            splitter.ReadField(out open);
        while (splitter._next <= line.Length);
        return open;
    }

    public void Split(string line)
    {
        Start(line);
        Indices.Clear();
        Fields.Clear();
        int count = 0;
        int sparseBase = -1;
        while (_next <= _line.Length)
        {
            int slot = format.AllowSparse ? ReadSparseIndex() : -1;
            ReadOnlyMemory<char> field = ReadField(out _);
            if (slot < 0)
            {
                // A plain field after sparse ones is an error that ends the line.
                if (sparseBase >= 0)
                    return;
                Add(count++, field);
                Limit = count;
                continue;
            }
            if (sparseBase < 0 && !TryBeginSparse(count, out sparseBase))
                return;
            if (sparseBase + slot >= Limit || (Indices.Count > 0 && sparseBase + slot <= Indices[^1]))
                return;
            Add(sparseBase + slot, field);
        }
    }

    /// <summary>Where the fields with this index or a greater one begin.</summary>
    public int Find(int index)
    {
        int position = Indices.BinarySearch(index);
        return position >= 0 ? position : ~position;
    }

    private void Start(string line)
    {
        _line = format.TrimWhitespace ? line.AsMemory().TrimEnd() : line.AsMemory();
        _next = 0;
        Limit = 0;
    }

    private void Add(int index, ReadOnlyMemory<char> field)
    {
        if (field.IsEmpty && !format.MissingRealsAsNaNs)
            return;
        Indices.Add(index);
        Fields.Add(field);
    }

    /// <summary>The field before the first sparse one is the number of slots, not a value.</summary>
    private bool TryBeginSparse(int count, out int sparseBase)
    {
        sparseBase = count - 1;
        if (Indices.Count == 0 || Indices[^1] != sparseBase
            || !int.TryParse(Fields[^1].Span, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size <= 0)
            return false;
        Indices.RemoveAt(Indices.Count - 1);
        Fields.RemoveAt(Fields.Count - 1);
        Limit = checked(sparseBase + size);
        return true;
    }

    /// <summary>Reads the "7:" of "7:value", if there is one.</summary>
    private int ReadSparseIndex()
    {
        SkipSpaces();
        ReadOnlySpan<char> rest = _line.Span[Math.Min(_next, _line.Length)..];
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 9 || rest[digits] != ':')
            return -1;
        _next += digits + 1;
        return int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>Moves to the next field, or past the end of the line.</summary>
    private ReadOnlyMemory<char> ReadField(out bool isOpen)
    {
        isOpen = false;
        SkipSpaces();
        if (_next < _line.Length && format.AllowQuoting && _line.Span[_next] == '"')
            return ReadQuoted(out isOpen);
        ReadOnlyMemory<char> rest = _next < _line.Length ? _line[_next..] : default;
        int end = rest.Span.IndexOfAny(format.Separators);
        _next += end < 0 ? rest.Length + 1 : end + 1;
        return end < 0 ? rest : rest[..end];
    }

    private void SkipSpaces()
    {
        if (format.SeparatesBySpace)
            return;
        while (_next < _line.Length && _line.Span[_next] == ' ')
            _next++;
    }

    /// <summary>A field whose quotes are not closed, or followed by more than spaces, is empty.</summary>
    private ReadOnlyMemory<char> ReadQuoted(out bool isOpen)
    {
        ReadOnlySpan<char> line = _line.Span;
        _unquoted.Clear();
        isOpen = true;
        int i = _next + 1;
        for (; i < line.Length && isOpen; i++)
        {
            bool isEscaped = line[i] == format.EscapeChar && i + 1 < line.Length && line[i + 1] == '"';
            if (isEscaped)
                _unquoted.Append(line[++i]);
            else if (line[i] == '"')
                isOpen = false;
            else
                _unquoted.Append(line[i]);
        }
        int end = line[i..].IndexOfAny(format.Separators);
        ReadOnlySpan<char> tail = end < 0 ? line[i..] : line.Slice(i, end);
        _next = end < 0 ? line.Length + 1 : i + end + 1;
        return isOpen || !tail.Trim(' ').IsEmpty ? default : _unquoted.ToString().AsMemory();
    }
}
