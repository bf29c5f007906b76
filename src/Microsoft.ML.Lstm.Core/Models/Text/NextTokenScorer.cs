using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Models;

/// <summary>Reads a stream of tokens, stretch by stretch, and says after each what comes next. Not thread-safe; at steady state it allocates nothing.</summary>
/// <param name="network">The network.</param>
/// <param name="team">Who reads with the calling thread; it stays the caller's. Null: nobody.</param>
internal sealed class NextTokenScorer(NetworkScorer network, WorkerTeam? team = null)
{
    private const int MostOutputs = 1 << 20;
    private readonly ScoringSession _session = team is null ? network.CreateSession() : network.CreateSession(team);
    private readonly SequenceBatch _batch = new();
    private float[] _logits = [];

    /// <summary>Numbers per step.</summary>
    public int VocabularySize => network.Spec.OutputSize;

    /// <summary>Most tokens of one stretch: a long one would need room for the whole vocabulary at each of its steps.</summary>
    public int StretchLength { get; } = Math.Clamp(MostOutputs / network.Spec.OutputSize, 1, 256);

    /// <summary>Forgets what was read.</summary>
    public void Reset() => _session.Reset();

    /// <summary>Reads a stretch of at most <see cref="StretchLength"/> tokens.</summary>
    /// <returns>The logits of the next token after each: [tokens, V], valid until the next call.</returns>
    public ReadOnlySpan<float> Read(ReadOnlySpan<int> tokens)
    {
        _batch.Reset([tokens.Length], featureSize: 0, hasTokens: true);
        tokens.CopyTo(_batch.Tokens);
        int length = tokens.Length * VocabularySize;
        if (_logits.Length < length)
            _logits = new float[length];
        _session.Continue(_batch, _logits);
        return _logits.AsSpan(0, length);
    }

    /// <summary>Reads any number of tokens, at least one.</summary>
    /// <returns>The logits after the last: [V], valid until the next call.</returns>
    public ReadOnlySpan<float> ReadAll(ReadOnlySpan<int> tokens)
    {
        ReadOnlySpan<float> logits = [];
        for (int start = 0; start < tokens.Length; start += StretchLength)
            logits = Read(tokens.Slice(start, Math.Min(StretchLength, tokens.Length - start)));
        return logits[^VocabularySize..];
    }
}
