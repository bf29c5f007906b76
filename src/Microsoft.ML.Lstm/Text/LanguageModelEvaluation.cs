using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Text;

/// <summary>Lets a model read a stream of tokens once, in one go, and adds up how well it foresaw each.</summary>
internal sealed class LanguageModelEvaluation(NextTokenScorer scorer, Vocabulary vocabulary)
{
    private long _characters, _unknown, _hits;
    private double _lossSum;

    /// <summary>Reads the stream; at least two tokens.</summary>
    public LanguageModelMetrics Run(ReadOnlySpan<int> tokens)
    {
        int inputs = tokens.Length - 1;
        for (int start = 0; start < inputs; start += scorer.StretchLength)
        {
            int count = Math.Min(scorer.StretchLength, inputs - start);
            ReadOnlySpan<float> logits = scorer.Read(tokens.Slice(start, count));
            for (int i = 0; i < count; i++)
                Add(logits.Slice(i * scorer.VocabularySize, scorer.VocabularySize), tokens[start + i + 1]);
        }
        return new LanguageModelMetrics(inputs, _characters, _unknown, _hits, _lossSum);
    }

    private void Add(ReadOnlySpan<float> logits, int next)
    {
        int likeliest = Logistic.Largest(logits);
        double most = logits[likeliest], sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - most);
        _lossSum += Math.Log(sum) + most - logits[next];
        _hits += likeliest == next ? 1 : 0;
        _unknown += next == Vocabulary.Unknown ? 1 : 0;
        _characters += vocabulary.IsCharacters || next == vocabulary.EndOfRow ? 1 : vocabulary.Texts[next].Length + 1;
    }
}
