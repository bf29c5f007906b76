using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

public sealed class WeightPrecisionTests
{
    public static TheoryData<NetworkSpec> Specs => new(
        new NetworkSpec { InputSize = 2, HiddenSizes = [21, 40], OutputSize = 3 },
        new NetworkSpec { Cell = CellKind.Gru, InputSize = 3, HiddenSizes = [17, 4], Bidirectional = true, OutputSize = 2 },
        new NetworkSpec { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [40], OutputSize = 1, Output = OutputPosition.EveryStep },
        new NetworkSpec { InputSize = 2, HiddenSizes = [6], OutputSize = 35, LayerNormalization = true, LearnedInitialState = true },
        new NetworkSpec { VocabularySize = 50, EmbeddingSize = 12, HiddenSizes = [12], OutputSize = 50, TiedEmbeddings = true, Output = OutputPosition.EveryStep },
        new NetworkSpec { Cell = CellKind.Gru, InputSize = 6, HiddenSizes = [8], OutputSize = 10, Forecast = new ForecastSpec { Horizon = 5, SegmentLength = 3, TargetCount = 2, DecoderSize = 8 } });

    /// <summary>A network of rounded weights is a network: the kernels' halves are a format, not another arithmetic.</summary>
    [Theory]
    [MemberData(nameof(Specs))]
    public void Score_OfRoundedWeights_HasTheBitsOfSinglePrecision(NetworkSpec spec)
    {
        var rounded = new NetworkScorer(spec, TestModel.File(spec).Weights.Span, WeightPrecision.BFloat16);
        float[] weights = rounded.ExportWeights();
        var single = new NetworkScorer(spec, weights);
        foreach (int[] lengths in (int[][])[[7], [5, 4, 4, 2, 1]])
            Assert.Equal(Score(single, lengths), Score(rounded, lengths));
        Assert.Equal(weights, new NetworkScorer(spec, weights, WeightPrecision.BFloat16).ExportWeights());
        Assert.NotEqual(TestModel.File(spec).Weights.ToArray(), weights);
        Assert.Equal(WeightPrecision.BFloat16, rounded.Precision);
    }

    /// <summary>The error that the documentation speaks of, at the size and length where it would have grown: a sequence of 200 steps through two layers of 100 units.</summary>
    [Theory]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    [InlineData(CellKind.RnnTanh)]
    public void Score_OfRoundedWeights_DiffersByLittleOfTheOutputsRange(CellKind cell)
    {
        var spec = new NetworkSpec { Cell = cell, InputSize = 3, HiddenSizes = [100, 100], OutputSize = 20 };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        float[] exact = Score(new NetworkScorer(spec, weights), [200]), rounded = Score(new NetworkScorer(spec, weights, WeightPrecision.BFloat16), [200]);
        double error = exact.Zip(rounded, (a, b) => Math.Abs(a - b)).Max() / (exact.Max() - exact.Min());
        Assert.InRange(error, 1e-6, 0.01);
    }

    [Fact]
    public void WithPrecision_Model_IsSavedAndLoadedInIt()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [30], OutputSize = 3 }), rounded = model.WithPrecision(WeightPrecision.BFloat16);
        float[] sequence = TestModel.Sequence(20, 1);
        var (file, weights) = (new MemoryStream(), new MemoryStream());
        rounded.Save(file);
        rounded.SaveWeights(weights);
        (file.Position, weights.Position) = (0, 0);
        RecurrentModel read = RecurrentModel.Load(file), again = rounded.LoadWeights(weights);

        Assert.NotEqual(model.Predict(sequence), rounded.Predict(sequence));
        Assert.Equal((WeightPrecision.Single, WeightPrecision.BFloat16, WeightPrecision.BFloat16, WeightPrecision.BFloat16), (model.Precision, read.Precision, rounded.Precision, again.Precision));
        Assert.Equal(rounded.Predict(sequence), read.Predict(sequence));
        Assert.Equal(rounded.Predict(sequence), again.Predict(sequence));
        Assert.Equal(rounded.Predict(sequence), rounded.PredictBatch([sequence, sequence])[1]);
        Assert.Same(rounded, rounded.WithPrecision(WeightPrecision.BFloat16));
    }

    /// <summary>What is saved are floats, so that a library that does not know of precisions reads the same network.</summary>
    [Theory]
    [InlineData("BFloat16", WeightPrecision.BFloat16)]
    [InlineData("Single", WeightPrecision.Single)]
    [InlineData(null, WeightPrecision.Single)]
    public void Read_SavedPrecision_IsWhatTheFileSays(string? saved, WeightPrecision expected)
    {
        var metadata = new Dictionary<string, string>();
        if (saved is not null)
            metadata["precision"] = saved;
        Assert.Equal(expected, SavedPrecision.Read(metadata));
    }

    [Theory]
    [InlineData("Int8")]
    [InlineData("bfloat16")]
    [InlineData("1")]
    [InlineData("")]
    public void Read_UnknownSavedPrecision_SaysWhichThereAre(string saved)
    {
        var metadata = new Dictionary<string, string> { ["precision"] = saved };
        Assert.Equal($"The model's 'precision' is '{saved}'; expected one of Single, BFloat16.", Assert.Throws<InvalidDataException>(() => SavedPrecision.Read(metadata)).Message);
    }

    [Fact]
    public void WithPrecision_Undefined_SaysWhichThereAre()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 1, HiddenSizes = [3], OutputSize = 1 });
        Assert.StartsWith("precision is 7; expected one of Single, BFloat16", Assert.Throws<ArgumentOutOfRangeException>(() => model.WithPrecision((WeightPrecision)7)).Message);
    }

    private static float[] Score(NetworkScorer scorer, int[] lengths)
    {
        NetworkSpec spec = scorer.Spec;
        var random = new Random(2);
        var batch = new SequenceBatch();
        batch.Reset(lengths, spec.InputSize, spec.VocabularySize > 0, 0);
        foreach (ref float x in batch.Features)
            x = (random.NextSingle() * 4) - 2;
        foreach (ref int token in batch.Tokens)
            token = random.Next(spec.VocabularySize);
        float[] outputs = new float[spec.OutputSize * (spec.Output == OutputPosition.EveryStep ? batch.RowCount : lengths.Length)];
        scorer.CreateSession().Score(batch, outputs);
        return outputs;
    }
}
