namespace Microsoft.ML.Lstm;

/// <summary>How well a language model predicted a text: at each token but the first, the probability that it had given to it after all tokens before.</summary>
public sealed class LanguageModelMetrics
{
    internal LanguageModelMetrics(long tokens, long characters, long unknown, long hits, double lossSum)
    {
        (TokenCount, UnknownTokenCount) = (tokens, unknown);
        CrossEntropy = lossSum / tokens;
        BitsPerCharacter = lossSum / Math.Log(2) / characters;
        Accuracy = (double)hits / tokens;
    }

    /// <summary>Tokens that were to be predicted, ends of rows included.</summary>
    public long TokenCount { get; }

    /// <summary>How many of them the model's training had not seen; it predicts them as its unknown token.</summary>
    public long UnknownTokenCount { get; }

    /// <summary>Mean of −ln p over the tokens, in nats per token. The lower the better.</summary>
    public double CrossEntropy { get; }

    /// <summary>e to the <see cref="CrossEntropy"/>: among how many equally likely tokens the model in effect hesitated. The lower the better; 1 is perfect.</summary>
    public double Perplexity => Math.Exp(CrossEntropy);

    /// <summary>Mean of −log₂ p over the tokens.</summary>
    public double BitsPerToken => CrossEntropy / Math.Log(2);

    /// <summary>
    /// Sum of −log₂ p divided by the characters of the text. For tokens that are characters this is <see cref="BitsPerToken"/>; other tokens count
    /// the characters of their text and one for the space after it, ends of rows one.
    /// </summary>
    public double BitsPerCharacter { get; }

    /// <summary>Fraction of the tokens that were the most likely one.</summary>
    public double Accuracy { get; }

    /// <summary>The figures on one line, in invariant culture.</summary>
    public override string ToString() => Invariant(
        $"Perplexity {Perplexity:F2}: {CrossEntropy:F4} nats or {BitsPerToken:F4} bits per token, {BitsPerCharacter:F4} bits per character; {Accuracy:P2} of {Plural.Of(TokenCount, "token")} right, {UnknownTokenCount} unknown");
}
