using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Rows of the embedding that a batch has no token of are passed over; not a bit of weights, moments or norm tells.</summary>
public sealed class GradientStepTests
{
    // Rows of 37 end within a round of the norm's chains, and 900 of them make three tiles.
    private static readonly NetworkSpec s_spec = new() { VocabularySize = 900, EmbeddingSize = 37, HiddenSizes = [9], OutputSize = 3 };
    private static readonly int[][] s_batches = [[5, 899, 6, 5, 300], [0, 301, 443, 442], [], [17]];

    public static TheoryData<OptimizerSpec, bool> Optimizers
    {
        get
        {
            var data = new TheoryData<OptimizerSpec, bool>();
            foreach (OptimizerKind kind in Enum.GetValues<OptimizerKind>())
                foreach (float decay in (float[])[0, 0.01f])
                    foreach (float momentum in (float[])[0, 0.9f])
                        data.Add(new OptimizerSpec { Kind = kind, WeightDecay = decay, Momentum = momentum }, decay == 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Update_OfTokensRows_HasTheBitsOfAllRows(OptimizerSpec optimizer, bool clipsByValue)
    {
        EngineOptions options = Plain.Engine with { Optimizer = optimizer, ClipNorm = 0.5f, ClipValue = clipsByValue ? 0.3f : null };
        Assert.Equal(Train(options, s_spec, namesTokens: false), Train(options, s_spec, namesTokens: true));
    }

    [Fact]
    public void Update_WithNoiseOrFrozenEmbedding_HasTheBitsOfAllRows()
    {
        foreach (EngineOptions options in (EngineOptions[])[Plain.Engine with { GradientNoise = 0.01f }, Plain.Engine with { FreezeEmbedding = true, Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd } }])
            Assert.Equal(Train(options, s_spec, namesTokens: false), Train(options, s_spec, namesTokens: true));
    }

    /// <summary>The output layer's gradient is in every row of a tied embedding.</summary>
    [Fact]
    public void Update_OfTiedEmbedding_MovesAllRows()
    {
        NetworkSpec spec = s_spec with { HiddenSizes = [37], OutputSize = 900, Output = OutputPosition.EveryStep, TiedEmbeddings = true };
        EngineOptions options = Plain.Engine with { Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd } };
        Assert.Equal(Train(options, spec, namesTokens: false, everyRow: true), Train(options, spec, namesTokens: true, everyRow: true));
    }

    [Fact]
    public void Within_TileOfTheBlock_GivesTheRowsThatAreLive()
    {
        var layout = new ParameterLayout(s_spec);
        var live = new LiveRanges(layout, s_spec);
        Assert.Equal([(0, layout.BlockLength)], Ranges(0, layout.BlockLength));
        live.SetTokens([10, 2, 3, 10]);
        int end = layout["embedding.weight"].Length;
        Assert.Equal([(2 * 37 / 16 * 16, 160), (368, 416), (end / 16 * 16, layout.BlockLength)], Ranges(0, layout.BlockLength));
        Assert.Equal([(96, 160), (368, 384)], Ranges(96, 384));
        Assert.Empty(Ranges(160, 368));
        live.SetTokens(new int[900]);
        Assert.Equal([(5, 7)], Ranges(5, 7));

        List<(int, int)> Ranges(int start, int end)
        {
            var ranges = new List<(int, int)>();
            foreach ((int, int) range in live.Within(start, end))
                ranges.Add(range);
            return ranges;
        }
    }

    /// <summary>Weights, moments and norms after a few steps.</summary>
    private static float[] Train(EngineOptions options, NetworkSpec spec, bool namesTokens, bool everyRow = false)
    {
        using var team = new WorkerTeam(2);
        var layout = new ParameterLayout(spec);
        var weights = new NetworkWeights(spec, layout, forTraining: true);
        var random = new Random(1);
        foreach (ref float weight in weights.Span)
            weight = random.NextSingle() - 0.5f;
        var step = new GradientStep(weights, options, team);
        var norms = new List<float>();
        foreach (int[] tokens in s_batches)
        {
            step.ClearGradient();
            Span<float> gradient = step.Gradients.Span[..layout.BlockLength];
            Assert.True(gradient.IndexOfAnyExcept(0f) < 0);
            int embedding = everyRow || options.FreezeEmbedding ? 0 : layout["embedding.weight"].Length;
            for (int i = options.FreezeEmbedding ? layout["embedding.weight"].Length : embedding; i < gradient.Length; i++)
                gradient[i] = random.NextSingle() - 0.5f;
            foreach (int token in embedding > 0 ? tokens : [])
                foreach (ref float d in gradient.Slice(token * spec.EmbeddingSize, spec.EmbeddingSize))
                    d += random.NextSingle() - 0.5f;
            if (namesTokens)
                step.SetTokens(tokens);
            norms.Add((float)step.ClipGradient());
            step.Update(0.1f);
        }
        return [.. weights.Span, .. step.ExportState().OrderBy(state => state.Key).SelectMany(state => state.Value), .. norms];
    }
}
