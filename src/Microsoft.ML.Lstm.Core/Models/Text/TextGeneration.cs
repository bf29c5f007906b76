using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Models;

/// <summary>Lets a model write: it reads a prompt, then draws a token, reads it, draws the next, and so on.</summary>
internal static class TextGeneration
{
    /// <summary>Tokens one after the other, each computed when it is asked for; asked again from the first on, they are the same.</summary>
    /// <param name="network">The model.</param>
    /// <param name="vocabulary">The tokens' texts.</param>
    /// <param name="prompt">Tokens to begin with, at least one.</param>
    /// <param name="length">Most tokens to write.</param>
    /// <param name="sampling">How to draw.</param>
    public static IEnumerable<string> Write(NetworkScorer network, Vocabulary vocabulary, int[] prompt, int length, Sampling sampling)
    {
        var scorer = new NextTokenScorer(network);
        var sampler = new TokenSampler(sampling);
        int token = sampler.Draw(scorer.ReadAll(prompt));
        for (int written = 1; ; written++)
        {
            yield return vocabulary.Texts[token];
            if (written == length)
                yield break;
            token = sampler.Draw(scorer.Read([token]));
        }
    }
}
