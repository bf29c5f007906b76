using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class WeightInitializerTests
{
    private static readonly NetworkSpec Spec = new() { InputSize = 5, HiddenSizes = [24, 16], OutputSize = 3 };

    [Fact]
    public void Fill_Defaults_AreGlorotOrthogonalAndAForgetBiasOfOne()
    {
        var (layout, block) = Fill(Spec, new());
        Assert.All(Read(layout, block, "rnn.weight_ih_l0"), w => Assert.InRange(Math.Abs(w), 0, (float)Math.Sqrt(6.0 / 29)));
        Assert.Contains(Read(layout, block, "rnn.weight_ih_l0"), w => Math.Abs(w) > 0.95 * Math.Sqrt(6.0 / 29));
        Assert.All(Read(layout, block, "output.weight"), w => Assert.InRange(Math.Abs(w), 0, (float)Math.Sqrt(6.0 / 19)));
        float[] bias = Read(layout, block, "rnn.bias_ih_l1");
        for (int i = 0; i < 64; i++)
            Assert.Equal(i is >= 16 and < 32 ? 1f : 0f, bias[i]);
        Assert.All(Read(layout, block, "rnn.bias_hh_l1"), b => Assert.Equal(0, b));
        Assert.All(Read(layout, block, "output.bias"), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(24, 24)]
    [InlineData(7, 24)]
    [InlineData(24, 7)]
    [InlineData(1, 5)]
    public void Fill_Orthogonal_IsOrthonormalAlongTheShorterSide(int rows, int columns)
    {
        float[] matrix = new float[rows * columns];
        OrthogonalMatrix.Fill(matrix, rows, columns, new RandomStream(1UL));
        int count = Math.Min(rows, columns);
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++)
                Assert.Equal(a == b ? 1 : 0, Product(a, b), 1e-6);

        double Product(int a, int b) => rows <= columns
            ? Enumerable.Range(0, columns).Sum(i => (double)matrix[a * columns + i] * matrix[b * columns + i])
            : Enumerable.Range(0, rows).Sum(i => (double)matrix[i * columns + a] * matrix[i * columns + b]);
    }

    [Fact]
    public void Fill_RecurrentGates_AreOrthogonalEachByItself()
    {
        var (layout, block) = Fill(Spec, new());
        float[] weights = Read(layout, block, "rnn.weight_hh_l1");
        for (int gate = 0; gate < 4; gate++)
            for (int a = 0; a < 16; a++)
                Assert.Equal(1, Enumerable.Range(0, 16).Sum(i => Math.Pow(weights[(gate * 16 + a) * 16 + i], 2)), 1e-5);
        Assert.NotEqual(weights[..256], weights[256..512]);
    }

    [Fact]
    public void Fill_Uniform_FollowsPyTorchForWeightsAndBiases()
    {
        var (layout, block) = Fill(Spec, new() { Weights = Initialization.Uniform, Recurrent = Initialization.Uniform });
        Within("rnn.weight_ih_l0", 24);
        Within("rnn.weight_hh_l0", 24);
        Within("rnn.bias_hh_l1", 16);
        Within("output.weight", 16);
        Within("output.bias", 16);
        float[] bias = Read(layout, block, "rnn.bias_ih_l0");
        Assert.All(bias[24..48], b => Assert.InRange(b, 1 - 0.2042f, 1 + 0.2042f));
        Assert.NotEqual(1f, bias[24]);

        void Within(string name, int size)
        {
            float bound = (float)(1 / Math.Sqrt(size));
            float[] values = Read(layout, block, name);
            Assert.All(values, w => Assert.InRange(Math.Abs(w), 0, bound));
            Assert.All(values, w => Assert.NotEqual(0, w));
        }
    }

    [Fact]
    public void Fill_He_HasVarianceTwoOverInputs()
    {
        var (layout, block) = Fill(new() { InputSize = 200, HiddenSizes = [64], OutputSize = 1 }, new() { Weights = Initialization.He });
        Assert.Equal(0.01, Read(layout, block, "rnn.weight_ih_l0").Average(w => (double)w * w), 2e-4);
    }

    [Fact]
    public void Fill_ParameterAdded_LeavesTheOthersAlone()
    {
        var (layout, block) = Fill(Spec, new());
        var larger = Spec with { HiddenSizes = [24, 16, 16], LearnedInitialState = true, VocabularySize = 9, EmbeddingSize = 5, InputSize = 0 };
        var (otherLayout, other) = Fill(larger, new());
        Assert.Equal(Read(layout, block, "rnn.weight_ih_l0"), Read(otherLayout, other, "rnn.weight_ih_l0"));
        Assert.Equal(Read(layout, block, "rnn.weight_hh_l1"), Read(otherLayout, other, "rnn.weight_hh_l1"));
        Assert.All(Read(otherLayout, other, "rnn.c0_l1"), w => Assert.Equal(0, w));
    }

    [Theory]
    [InlineData(false, Initialization.Glorot, null, null, 1)]
    [InlineData(false, Initialization.Uniform, null, null, 1)]
    [InlineData(false, Initialization.Glorot, null, 0.3f, 0.3)]
    [InlineData(true, Initialization.Glorot, null, 0.3f, 0.3)]
    [InlineData(true, Initialization.Glorot, null, null, 0.0577)]
    [InlineData(false, Initialization.Uniform, 0.05f, null, 0.0289)]
    [InlineData(true, Initialization.Uniform, 0.05f, null, 0.0289)]
    [InlineData(false, Initialization.Glorot, 0.05f, null, 1)]
    public void Fill_Embedding_HasTheStandardDeviation(bool tied, Initialization weights, float? scale, float? standardDeviation, double expected)
    {
        var spec = new NetworkSpec { VocabularySize = 400, EmbeddingSize = 32, HiddenSizes = [32], OutputSize = 400, TiedEmbeddings = tied };

        var (layout, block) = Fill(spec, new() { Weights = weights, UniformScale = scale, EmbeddingStandardDeviation = standardDeviation });

        float[] embedding = Read(layout, block, "embedding.weight");
        Assert.Equal(expected, Math.Sqrt(embedding.Average(w => (double)w * w)), 0.03 * expected);
        Assert.Equal(0, embedding.Average(w => (double)w), 0.03 * expected);
    }

    [Fact]
    public void Fill_LayerNormalization_BeginsAsTheIdentity()
    {
        var (layout, block) = Fill(Spec with { LayerNormalization = true, Bidirectional = true }, new());
        foreach (string name in (string[])["rnn.norm_ih_l0", "rnn.norm_hh_l1_reverse", "rnn.norm_c_l0_reverse"])
            Assert.All(Read(layout, block, name), w => Assert.Equal(1, w));
        Assert.All(Read(layout, block, "rnn.norm_c_bias_l0"), w => Assert.Equal(0, w));
    }

    [Fact]
    public void Fill_OtherSeed_GivesOtherWeights()
    {
        Assert.Equal(Fill(Spec, new()).Block, Fill(Spec, new()).Block);
        Assert.NotEqual(Fill(Spec, new()).Block, Fill(Spec, new(), seed: 2).Block);
    }

    private static (ParameterLayout Layout, float[] Block) Fill(NetworkSpec spec, InitializationSpec initialization, int seed = 1)
    {
        var layout = new ParameterLayout(spec);
        float[] block = new float[layout.BlockLength];
        WeightInitializer.Fill(block, layout, spec, initialization, seed);
        return (layout, block);
    }

    private static float[] Read(ParameterLayout layout, float[] block, string name) =>
        block.AsSpan(layout[name].Offset, layout[name].Length).ToArray();
}
