using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Models;

/// <summary>
/// Draws tokens by their probability, softmax(logit / temperature), among the most likely that a <see cref="Sampling"/> admits. The unknown
/// token is never drawn.
/// </summary>
internal sealed class TokenSampler
{
    private readonly Sampling _sampling;
    private readonly RandomStream _random;
    private double[] _weights = [];
    private (float Descending, int Token)[] _ranks = [];

    public TokenSampler(Sampling sampling) => (_sampling, _random) = (sampling, new RandomStream(sampling.Seed, "text"));

    /// <summary>Draws a token.</summary>
    public int Draw(ReadOnlySpan<float> logits)
    {
        Rank(logits);
        if (_sampling.Temperature == 0)
            return _ranks[0].Token;
        int count = Math.Min(_sampling.TopK, _ranks.Length);
        double total = Weigh(count), enough = _sampling.TopP * total, kept = 0;
        int last = 0;
        for (; last < count; last++)
        {
            kept += _weights[last];
            if (kept >= enough || last == count - 1)
                break;
        }
        double place = _random.NextDouble() * kept;
        int drawn = 0;
        while (drawn < last && place >= _weights[drawn])
            place -= _weights[drawn++];
        return _ranks[drawn].Token;
    }

    // Most likely first; of equals the lower token. Without a limit any order will do.
    private void Rank(ReadOnlySpan<float> logits)
    {
        if (_ranks.Length != logits.Length - 1)
            (_ranks, _weights) = (new (float, int)[logits.Length - 1], new double[logits.Length - 1]);
        for (int i = 0; i < _ranks.Length; i++)
            _ranks[i] = (-logits[Vocabulary.Unknown + 1 + i], Vocabulary.Unknown + 1 + i);
        if (_sampling.Temperature == 0 || _sampling.TopK < _ranks.Length || _sampling.TopP < 1)
            Array.Sort(_ranks);
    }

    private double Weigh(int count)
    {
        float least = float.PositiveInfinity;
        foreach ((float descending, _) in _ranks.AsSpan(0, count))
            least = Math.Min(least, descending);
        double total = 0;
        for (int i = 0; i < count; i++)
            total += _weights[i] = Math.Exp(((double)least - _ranks[i].Descending) / _sampling.Temperature);
        return total;
    }
}
