using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Text;

/// <summary>All rows of a column of tokens, one after the other, as one long stream of keys.</summary>
internal sealed class KeyStream
{
    private const int RowEnd = -1;
    private readonly List<int> _keys;
    private readonly IReadOnlyList<string> _texts;
    private readonly string _column;

    private KeyStream(List<int> keys, IReadOnlyList<string> texts, string column) => (_keys, _texts, _column) = (keys, texts, column);

    /// <summary>Reads all rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static KeyStream Read(IHost context, IDataView data, string name, CancellationToken cancellationToken)
    {
        DataViewSchema.Column column = KeyTexts.Find(context, data.Schema, name);
        IReadOnlyList<string> texts = KeyTexts.Of(context, column);
        using var cancellation = new HostCancellation(context, cancellationToken);
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ITokenReader reader = TokenReader.Open(cursor, column);
        var keys = new List<int>();
        while (cursor.MoveNext())
        {
            cancellation.Token.ThrowIfCancellationRequested();
            keys.AddRange(reader.Read());
            keys.Add(RowEnd);
        }
        return new KeyStream(keys, texts, name);
    }

    private int Rows => _keys.Count(key => key == RowEnd);

    /// <summary>The vocabulary of what the stream holds.</summary>
    /// <exception cref="InvalidOperationException">There are tokens, but all of them are missing keys.</exception>
    public Vocabulary Learn(IExceptionContext context, string unknownToken, string? endOfRowToken)
    {
        int[] seen = [.. _keys.Where(key => key > 0).Distinct().Order()];
        int tokens = _keys.Count - Rows;
        return seen.Length > 0 || tokens == 0
            ? Vocabulary.Of(seen.Select(key => _texts[key - 1]), unknownToken, endOfRowToken)
            : throw context.Process(new InvalidOperationException(Invariant($"Column '{_column}' has {Plural.Of(tokens, "token")}, all of them missing keys; expected known ones to learn from.")));
    }

    /// <summary>The stream in tokens of a vocabulary. With an end of a row it also begins with one, so that a row's first token always follows one.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than two tokens, so that none follows another.</exception>
    public int[] ToTokens(IExceptionContext context, Vocabulary vocabulary)
    {
        int[] ofKeys = [Vocabulary.Unknown, .. _texts.Select(vocabulary.Find)];
        var tokens = new List<int>(_keys.Count + 1);
        if (vocabulary.EndOfRow is { } first && _keys.Count > 0)
            tokens.Add(first);
        foreach (int key in _keys)
        {
            if (key != RowEnd)
                tokens.Add(ofKeys[key]);
            else if (vocabulary.EndOfRow is { } end)
                tokens.Add(end);
        }
        int rows = Rows;
        return _keys.Count - rows > 0 && tokens.Count > 1 ? [.. tokens] : throw context.Process(new InvalidOperationException(
            Invariant($"Column '{_column}' has {Plural.Of(_keys.Count - rows, "token")} in {Plural.Of(rows, "row")}; expected at least {(vocabulary.EndOfRow is null ? 2 : 1)}, so that there is a next one to predict.")));
    }

    /// <summary>A stream as a dataset: at each step the token, to be answered by the next.</summary>
    public static SequenceDataset ToDataset(int[] tokens)
    {
        var dataset = new SequenceDataset(new SequenceShape { HasTokens = true, Target = TargetKind.Class, TargetSize = 0, TargetEveryStep = true });
        dataset.Add(new SequenceExample { Tokens = tokens.AsSpan(0, tokens.Length - 1), Classes = tokens.AsSpan(1) });
        return dataset;
    }
}
