using System.IO.Compression;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public sealed class RecurrentModelTests
{
    public static TheoryData<NetworkSpec> Specs => new(
        new NetworkSpec { InputSize = 2, HiddenSizes = [5], OutputSize = 3 },
        new NetworkSpec { Cell = CellKind.Gru, InputSize = 3, HiddenSizes = [17, 4], Bidirectional = true, OutputSize = 2 },
        new NetworkSpec { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [40], OutputSize = 1, Output = OutputPosition.EveryStep },
        new NetworkSpec { InputSize = 2, HiddenSizes = [6], OutputSize = 35, LayerNormalization = true, LearnedInitialState = true },
        new NetworkSpec { InputSize = 2, VocabularySize = 5, EmbeddingSize = 3, HiddenSizes = [7], OutputSize = 2 });

    [Theory]
    [MemberData(nameof(Specs))]
    public void Save_AnyNetwork_KeepsEveryWeightAndBit(NetworkSpec spec)
    {
        ModelFile file = TestModel.File(spec);
        RecurrentModel model = TestModel.Regression(spec);
        var stream = new MemoryStream();

        model.Save(stream);

        stream.Position = 0;
        Assert.Equal(file.Weights.Span, ModelFile.Read(stream).Weights.Span);
        stream.Position = 0;
        RecurrentModel read = RecurrentModel.Load(stream);
        (float[] features, int[] tokens) = Sequence(spec, 7, 1);
        Assert.Equal(model.Predict(features, tokens), read.Predict(features, tokens));
        Assert.Equal(model.Describe(), read.Describe());
    }

    [Fact]
    public void Score_MoreStepsThanFit_SaysSoBeforeAnythingIsTaken()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 1, HiddenSizes = [64], OutputSize = 1, Output = OutputPosition.EveryStep });
        RecurrentScorer scorer = model.CreateScorer();
        float[] steps = new float[70_000_000];
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.Throws<InvalidOperationException>(() => scorer.Score(steps)).Message;

        // On a machine of less memory it is that which is told.
        Assert.Matches(@"^The sequence to score (has 70000000 steps in all; expected at most \d+|needs about [\d.]+ GB in this network; expected at most)", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(3, scorer.Score(new float[3]).Length);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void PredictBatch_SequencesOfManyLengths_GivesTheBitsOfEachAlone(NetworkSpec spec)
    {
        RecurrentModel model = TestModel.Regression(spec);
        (float[] Features, int[] Tokens)[] sequences = [.. Enumerable.Range(0, 150).Select(i => Sequence(spec, 1 + (i * 7 % 11), i))];
        float[][] features = [.. sequences.Select(sequence => sequence.Features)];
        int[][] tokens = [.. sequences.Select(sequence => sequence.Tokens)];
        features[3] = [.. features[3].Select(_ => float.NaN)];

        float[][] scores = spec.VocabularySize > 0 ? model.PredictBatch(features, tokens) : model.PredictBatch(features);

        for (int i = 0; i < scores.Length; i++)
            Assert.Equal(model.Predict(features[i], tokens[i]), scores[i]);
        Assert.All(scores[3], value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Step_RowAfterRow_GivesTheBitsOfTheSequenceAndStatesCanBeRestored()
    {
        var spec = new NetworkSpec { InputSize = 2, HiddenSizes = [5, 4], OutputSize = 3 };
        RecurrentModel model = TestModel.Regression(spec, new WindowTransform { RowSize = 2, TargetFeatures = [1] });
        RecurrentScorer scorer = model.CreateScorer();
        float[] sequence = TestModel.Sequence(12, 1);

        for (int step = 0; step < 3; step++)
            Assert.Equal(model.Predict(sequence.AsSpan(0, 2 * (step + 1))), scorer.Step(sequence.AsSpan(2 * step, 2)).ToArray());
        RecurrentState known = scorer.State;
        scorer.Step([9, 9]);
        scorer.Score(sequence);
        scorer.State = known;
        for (int step = 3; step < 6; step++)
            scorer.Step(sequence.AsSpan(2 * step, 2));

        Assert.Equal(model.Predict(sequence), scorer.Outputs.ToArray());
        Assert.Contains("Lstm(5, 4)", Assert.Throws<ArgumentException>(() => scorer.State =
            TestModel.Regression(spec with { HiddenSizes = [5] }).CreateScorer().State).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_WindowsNormalisedAsAWhole_IsRefused()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 1, HiddenSizes = [2], OutputSize = 1 },
            new WindowTransform { Normalization = WindowNormalization.LastValue, TargetFeatures = [0] });

        Assert.Contains("LastValue", Assert.Throws<InvalidOperationException>(() => model.CreateScorer().Step([1f]).ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadWeights_OfAnotherModel_PredictsAsThatOne()
    {
        var spec = new NetworkSpec { InputSize = 2, HiddenSizes = [5], OutputSize = 3 };
        RecurrentModel model = TestModel.Regression(spec);
        var zeros = new ModelFile { Spec = spec, Loss = new LossSpec(), Weights = new float[new ParameterLayout(spec).BlockLength] };
        RecurrentModel zero = TestModel.Create(zeros, model.Head);
        var stream = new MemoryStream();
        model.SaveWeights(stream);
        stream.Position = 0;
        Assert.Equal([20, 2], new SafetensorsReader(stream).Shape("rnn.weight_ih_l0"));
        stream.Position = 0;

        RecurrentModel loaded = zero.LoadWeights(stream);

        var bare = TestModel.Create(TestModel.File(spec, isScaled: false), model.Head);
        Assert.Equal(bare.Predict(TestModel.Sequence(8, 1)), loaded.Predict(TestModel.Sequence(8, 1)));
        Assert.Equal([0f, 0f, 0f], zero.Predict(TestModel.Sequence(8, 1)));
    }

    [Fact]
    public void Load_ArchiveOfSeveralModels_AsksForANameAndTakesIt()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [5], OutputSize = 3 });
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (string folder in new[] { "Chain/A", "Chain/B" })
                using (Stream entry = zip.CreateEntry(folder + "/Network.safetensors").Open())
                    model.Save(entry);

        stream.Position = 0;
        Assert.Contains("'Chain/A/Network.safetensors', 'Chain/B/Network.safetensors'",
            Assert.Throws<ArgumentException>(() => RecurrentModel.Load(stream)).Message, StringComparison.Ordinal);
        stream.Position = 0;
        Assert.Equal(model.Predict(TestModel.Sequence(8, 1)), RecurrentModel.Load(stream, "B").Predict(TestModel.Sequence(8, 1)));
    }

    [Theory]
    [InlineData(3, 0, "3 numbers; expected a multiple of 2")]
    [InlineData(4, 1, "1 tokens; expected none")]
    public void Predict_SequenceOfAnotherShape_SaysWhatWasExpected(int numbers, int tokens, string message)
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [5], OutputSize = 3 });

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => model.Predict(new float[numbers], new int[tokens])).Message, StringComparison.Ordinal);
    }

    private static (float[] Features, int[] Tokens) Sequence(NetworkSpec spec, int steps, int seed) =>
        (TestModel.Sequence(steps * spec.InputSize, seed), spec.VocabularySize > 0 ? [.. Enumerable.Range(seed, steps).Select(i => i % spec.VocabularySize)] : []);
}
