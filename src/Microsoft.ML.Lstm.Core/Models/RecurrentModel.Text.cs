using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentModel
{
    /// <summary>Cuts text into a language model's tokens: UTF-16 code units, or words between white space. What training had not seen is token 0.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidOperationException">The model is no language model.</exception>
    public int[] Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RequireVocabulary().Tokenize(text);
    }

    /// <summary>
    /// Writes on from a prompt. A model of characters reads and writes text character by character; a model of words reads words between white
    /// space and writes them with spaces between. What training had not seen is read as the unknown token, which is never written; ends of rows are
    /// written as their text. A character outside the basic plane, such as an emoji, is two tokens of a model of characters: its halves are put
    /// together, and a half that is written without its partner becomes U+FFFD.
    /// </summary>
    /// <param name="prompt">What comes before; may be empty if rows have an end, for it is what a text begins after.</param>
    /// <param name="length">Tokens to write, 1 or more.</param>
    /// <param name="temperature">Divides the logits: below 1 the text is safer, above 1 wilder; 0 takes the most likely token each time. Range: 0 or more.</param>
    /// <param name="topK">Draws among so many most likely tokens only; null: all. Range: 1 or more.</param>
    /// <param name="topP">Draws among the fewest most likely tokens whose probabilities come to this; null: all. Range: (0, 1].</param>
    /// <param name="seed">Same seed, same text; null: another each time.</param>
    /// <returns>What was written, without the prompt.</returns>
    /// <exception cref="InvalidOperationException">The model is no language model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(RecurrentModel.Load("poet.zip").Generate("Shall I ", length: 200, temperature: 0.7, seed: 1));
    /// </code>
    /// </example>
    public string Generate(string prompt, int length, double temperature = 1, int? topK = null, double? topP = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Vocabulary vocabulary = RequireVocabulary();
        return vocabulary.Join(Write(vocabulary.Tokenize(prompt), length, temperature, topK, topP, seed));
    }

    /// <summary>
    /// Writes on from a prompt, token by token: each is computed when it is asked for, so that text can be shown while it is written. The two halves of
    /// a character outside the basic plane come as one text, when the second is there.
    /// </summary>
    /// <param name="prompt">The texts of the tokens that come before.</param>
    /// <param name="length">Most tokens to write, 1 or more.</param>
    /// <param name="temperature">As of <see cref="Generate"/>.</param>
    /// <param name="topK">As of <see cref="Generate"/>.</param>
    /// <param name="topP">As of <see cref="Generate"/>.</param>
    /// <param name="seed">Same seed, same tokens; null: others each time.</param>
    /// <returns>The texts of the tokens.</returns>
    /// <inheritdoc cref="Generate" path="/exception"/>
    public IEnumerable<string> GenerateTokens(
        IEnumerable<string> prompt, int length = int.MaxValue, double temperature = 1, int? topK = null, double? topP = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        Vocabulary vocabulary = RequireVocabulary();
        // A prompt of whole characters is of two tokens each where they lie outside the basic plane.
        IEnumerable<string> texts = vocabulary.IsCharacters ? prompt.SelectMany(text => vocabulary.Cut(text)) : prompt;
        IEnumerable<string> written = Write([.. texts.Select(vocabulary.Find)], length, temperature, topK, topP, seed);
        return vocabulary.IsCharacters ? Vocabulary.WholeCharacters(written) : written;
    }

    private IEnumerable<string> Write(int[] prompt, int length, double temperature, int? topK, double? topP, int? seed)
    {
        Vocabulary vocabulary = RequireVocabulary();
        if (length < 1)
            throw new ArgumentOutOfRangeException(nameof(length), Invariant($"length is {length}; expected 1 or more."));
        int[] tokens = vocabulary.EndOfRow is { } first ? [first, .. prompt] : prompt;
        if (tokens.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(prompt), "prompt has 0 tokens; expected at least 1, since the model's rows have no end that a text could begin after.");
        return TextGeneration.Write(_network, vocabulary, tokens, length, new Sampling(temperature, topK, topP, seed ?? Random.Shared.Next()));
    }

    private Vocabulary RequireVocabulary()
    {
        Require(Task == ModelTask.LanguageModel, "a language model");
        return Head.Vocabulary!;
    }
}
