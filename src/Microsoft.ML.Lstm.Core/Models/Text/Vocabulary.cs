using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Models;

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
        if (texts is not { Count: > 0 })
            throw new InvalidDataException(Invariant($"The vocabulary has {(texts is null ? "null" : "0")} tokens; expected at least the unknown one."));
        (Texts, EndOfRow) = (texts, endOfRow);
        for (int token = 0; token < texts.Count; token++)
        {
            if (texts[token] is not { } text)
                throw new InvalidDataException(Invariant($"The vocabulary has null as token {token}; expected a text."));
            if (!_tokens.TryAdd(text, token))
                throw new InvalidDataException(Invariant($"The vocabulary has '{text}' twice; expected every text once."));
        }
        if (endOfRow < 0 || endOfRow >= texts.Count)
            throw new InvalidDataException(Invariant($"The vocabulary's end of a row is {endOfRow}; expected 0 to {texts.Count - 1}."));
        IsCharacters = Enumerable.Range(Unknown + 1, texts.Count - 1).All(token => token == endOfRow || texts[token].Length == 1);
    }

    /// <summary>The text of each token.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The token that ends a row; null: rows follow each other with nothing between.</summary>
    public int? EndOfRow { get; }

    /// <summary>
    /// Whether every token is one UTF-16 code unit, so that text is cut and put together without spaces. A character outside the basic plane, such as
    /// an emoji, is then two tokens.
    /// </summary>
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

    /// <summary>Cuts the text of a token that is a whole character outside the basic plane into its halves; others stay as they are.</summary>
    public IEnumerable<string> Cut(string text) =>
        text.Length == 2 && char.IsSurrogatePair(text[0], text[1]) ? [text[..1], text[1..]] : [text];

    /// <summary>Cuts text into tokens: characters, or words between white space.</summary>
    public int[] Tokenize(string text) => IsCharacters
        ? [.. text.Select(c => Find(c.ToString()))]
        : [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Find)];

    /// <summary>Puts tokens together to text, in which no character is halved: see <see cref="WholeCharacters"/>.</summary>
    public string Join(IEnumerable<string> tokens) => IsCharacters ? string.Concat(WholeCharacters(tokens)) : string.Join(" ", tokens);

    /// <summary>
    /// Puts the two halves of a character outside the basic plane together to one text; a half without its partner becomes U+FFFD, the replacement
    /// character, as where text is decoded. All other texts pass as they are.
    /// </summary>
    public static IEnumerable<string> WholeCharacters(IEnumerable<string> tokens)
    {
        const string Replacement = "\uFFFD";
        string? high = null;
        foreach (string token in tokens)
        {
            char unit = token.Length == 1 ? token[0] : default;
            if (high is not null && char.IsLowSurrogate(unit))
            {
                yield return high + token;
                high = null;
                continue;
            }
            if (high is not null)
                yield return Replacement;
            high = char.IsHighSurrogate(unit) ? token : null;
            if (high is null)
                yield return char.IsLowSurrogate(unit) ? Replacement : token;
        }
        if (high is not null)
            yield return Replacement;
    }
}
