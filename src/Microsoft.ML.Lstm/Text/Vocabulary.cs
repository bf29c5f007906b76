using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Text;

/// <summary>
/// The tokens of a language model: the unknown one (0), the end of a row if there is one, then those seen in training, in the order of their
/// keys. Saved with the model.
/// </summary>
internal sealed class Vocabulary
{
    /// <summary>The token that stands for all that training did not see.</summary>
    public const int Unknown = 0;

    private readonly Dictionary<string, int> _tokens = [];

    /// <param name="texts">The text of each token.</param>
    /// <param name="endOfRow">The token that ends a row; null: rows follow each other with nothing between.</param>
    /// <exception cref="InvalidDataException">A text is there twice, or there is no such end of a row.</exception>
    [JsonConstructor]
    public Vocabulary(IReadOnlyList<string> texts, int? endOfRow)
    {
        (Texts, EndOfRow) = (texts, endOfRow);
        for (int token = 0; token < texts.Count; token++)
            if (!_tokens.TryAdd(texts[token], token))
                throw new InvalidDataException(Invariant($"The vocabulary has '{texts[token]}' twice; expected every text once."));
        if (endOfRow < 0 || endOfRow >= texts.Count)
            throw new InvalidDataException(Invariant($"The vocabulary's end of a row is {endOfRow}; expected 0 to {texts.Count - 1}."));
        IsCharacters = Enumerable.Range(Unknown + 1, texts.Count - 1).All(token => token == endOfRow || texts[token].Length == 1);
    }

    /// <summary>The text of each token.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The token that ends a row; null: rows follow each other with nothing between.</summary>
    public int? EndOfRow { get; }

    /// <summary>Whether every token is one character, so that text is cut and put together without spaces.</summary>
    [JsonIgnore]
    public bool IsCharacters { get; }

    /// <summary>The vocabulary of the texts seen in training.</summary>
    public static Vocabulary Of(IEnumerable<string> seen, string unknownToken, string? endOfRowToken)
    {
        List<string> texts = [unknownToken];
        int? endOfRow = endOfRowToken is null ? null : 1;
        if (endOfRowToken is not null)
            texts.Add(endOfRowToken);
        HashSet<string> known = [.. texts];
        texts.AddRange(seen.Where(known.Add));
        return new Vocabulary(texts, endOfRow);
    }

    /// <summary>The token of a text; the unknown one if it has none.</summary>
    public int Find(string text) => _tokens.GetValueOrDefault(text, Unknown);

    /// <summary>Cuts text into tokens: characters, or words between white space.</summary>
    public int[] Tokenize(string text) => IsCharacters
        ? [.. text.Select(c => Find(c.ToString()))]
        : [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Find)];

    /// <summary>Puts tokens together to text.</summary>
    public string Join(IEnumerable<string> tokens) => string.Join(IsCharacters ? "" : " ", tokens);
}
