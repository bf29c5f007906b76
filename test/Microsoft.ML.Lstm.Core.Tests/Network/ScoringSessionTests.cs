using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

public sealed class ScoringSessionTests
{
    private static readonly NetworkSpec s_spec = new() { InputSize = 3, HiddenSizes = [20, 11], OutputSize = 2, Output = OutputPosition.EveryStep };

    /// <summary>Sequences of other lengths make the session's buffers grow under the other thread's feet.</summary>
    [Fact]
    public async Task Score_OneSessionOnManyThreads_ScoresRightOrIsRefused()
    {
        NetworkScorer scorer = Scorer();
        ScoringSession shared = scorer.CreateSession();
        (int Right, int Refused)[] counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() => Hammer(thread))));
        Assert.True(counts.Sum(count => count.Right) > 0);
        Assert.Equal(4 * 300, counts.Sum(count => count.Right + count.Refused));

        (int Right, int Refused) Hammer(int thread)
        {
            ScoringSession own = scorer.CreateSession();
            (int right, int refused) = (0, 0);
            for (int i = 0; i < 300; i++)
            {
                SequenceBatch batch = Batch(steps: 1 + (i * 7 % (10 + i)), seed: (thread * 1000) + i);
                float[] expected = new float[batch.RowCount * 2], found = new float[expected.Length];
                own.Score(batch, expected);
                try
                {
                    shared.Score(batch, found);
                    Assert.Equal(expected, found);
                    right++;
                }
                catch (InvalidOperationException)
                {
                    refused++;
                }
            }
            return (right, refused);
        }
    }

    [Fact]
    public void Score_AfterARefusedBatch_StillWorks()
    {
        ScoringSession session = Scorer().CreateSession();
        SequenceBatch batch = Batch(5, seed: 1);
        float[] outputs = new float[10];
        Assert.Throws<ArgumentException>(() => session.Score(batch, new float[9]));
        Assert.Throws<ArgumentException>(() => session.Step([1, 2], 0, outputs));
        session.Score(batch, outputs);
        float[] again = new float[10];
        session.Score(batch, again);
        Assert.Equal(outputs, again);
    }

    /// <summary>A stream alone, read in chunks: wide layers, of which a team shares out the units, and one that a worker reads alone.</summary>
    [Theory]
    [InlineData(CellKind.Lstm, 2)]
    [InlineData(CellKind.Lstm, 3)]
    [InlineData(CellKind.Gru, 4)]
    public void Continue_OnATeam_HasTheBitsOfOneThread(CellKind cell, int threads)
    {
        var spec = new NetworkSpec { Cell = cell, VocabularySize = 50, EmbeddingSize = 30, HiddenSizes = [20, 230, 230], OutputSize = 900, Output = OutputPosition.EveryStep };
        NetworkScorer scorer = Scorer(spec);
        using var team = new WorkerTeam(threads);
        ScoringSession alone = scorer.CreateSession(), together = scorer.CreateSession(team);
        var random = new Random(4);
        var chunk = new SequenceBatch();
        foreach (int steps in (int[])[40, 1, 25])
        {
            chunk.Reset([steps], featureSize: 0, hasTokens: true);
            foreach (ref int token in chunk.Tokens)
                token = random.Next(spec.VocabularySize);
            float[] expected = new float[steps * spec.OutputSize], found = new float[expected.Length];
            alone.Continue(chunk, expected);
            together.Continue(chunk, found);
            Assert.Equal(expected, found);
        }
        Assert.True(team.JobCount > 0);
    }

    private static NetworkScorer Scorer() => Scorer(s_spec);

    private static NetworkScorer Scorer(NetworkSpec spec)
    {
        float[] weights = new float[new ParameterLayout(spec).BlockLength];
        var random = new Random(3);
        foreach (ref float weight in weights.AsSpan())
            weight = (random.NextSingle() - 0.5f) * 0.6f;
        return new NetworkScorer(spec, weights);
    }

    private static SequenceBatch Batch(int steps, int seed)
    {
        var batch = new SequenceBatch();
        batch.Reset([steps], 3);
        var random = new Random(seed);
        foreach (ref float x in batch.Features)
            x = random.NextSingle();
        return batch;
    }
}
