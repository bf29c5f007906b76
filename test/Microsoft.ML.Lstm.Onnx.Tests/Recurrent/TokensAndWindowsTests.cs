using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Onnx.Tests.Recurrent;

/// <summary>What comes before and after the network is inside the graph: embeddings, normalisation of windows, differences, missing
/// values.</summary>
public sealed class TokensAndWindowsTests
{
    private const int Count = 100;

    [Theory]
    [InlineData(0, "classes")]
    [InlineData(0, "tags")]
    [InlineData(2, "classes")]
    [InlineData(2, "tags")]
    public void SaveOnnx_Tokens_ScoresAsTheModel(int features, string head)
    {
        var spec = new NetworkSpec { InputSize = features, HiddenSizes = [4, 5], Bidirectional = true, EmbeddingSize = 3,
            VocabularySize = 9 };
        RecurrentModel model = ExportedModels.Create(head, spec, readsTokens: true);
        using var session = new OnnxSession(model.SaveOnnx);

        Compare(model, session, steps: 6);
    }

    [Fact]
    public void SaveOnnx_TiedEmbeddings_ScoresAsTheModel()
    {
        RecurrentModel model = ExportedModels.Create("language",
            new NetworkSpec { HiddenSizes = [5, 4], EmbeddingSize = 4, TiedEmbeddings = true });
        using var session = new OnnxSession(model.SaveOnnx);

        Compare(model, session, steps: 4);
    }

    [Theory]
    [InlineData(WindowNormalization.None, 3, false)]
    [InlineData(WindowNormalization.LastValue, 3, false)]
    [InlineData(WindowNormalization.LastValueAndScale, 3, false)]
    [InlineData(WindowNormalization.LastValue, 1, false)]
    [InlineData(WindowNormalization.LastValueAndScale, 1, false)]
    [InlineData(WindowNormalization.None, 3, true)]
    [InlineData(WindowNormalization.LastValueAndScale, 3, true)]
    [InlineData(WindowNormalization.LastValueAndScale, 1, true)]
    public void SaveOnnx_NormalizedWindows_ScoresAsTheModel(WindowNormalization normalization, int rowSize, bool variableLengths)
    {
        // Targets continue the last feature of a row, and the first; quantiles share a target's.
        var window = new WindowTransform { Normalization = normalization, RowSize = rowSize, TargetFeatures = [rowSize - 1, -1] };
        foreach (string head in (string[])["multi-step", "quantiles"])
        {
            RecurrentModel model = ExportedModels.Create(head, new NetworkSpec { InputSize = 3, HiddenSizes = [4] }, window: window);
            using var session = new OnnxSession(stream => model.SaveOnnx(stream, new OnnxOptions { VariableLengths = variableLengths }));

            Compare(model, session, steps: 6, variableLengths, level: 500);
        }
    }

    [Theory]
    [InlineData(WindowNormalization.LastValue, 3, false)]
    [InlineData(WindowNormalization.LastValueAndScale, 3, false)]
    [InlineData(WindowNormalization.LastValue, 1, false)]
    [InlineData(WindowNormalization.LastValueAndScale, 3, true)]
    [InlineData(WindowNormalization.LastValue, 1, true)]
    public void SaveOnnx_LinearForecastOfWindows_ScoresAsTheModel(WindowNormalization normalization, int rowSize, bool variableLengths)
    {
        foreach (string head in (string[])["multi-step", "quantiles"])
        {
            int targets = head == "quantiles" ? 2 : 4, length = 2 * 3 / rowSize;
            var linear = new LinearForecast(TestModel.Sequence(targets * length, seed: 3), TestModel.Sequence(targets, seed: 4));
            var window = new WindowTransform { Normalization = normalization, RowSize = rowSize, TargetFeatures = [rowSize - 1, -1], Linear = linear };
            RecurrentModel model = ExportedModels.Create(head, new NetworkSpec { InputSize = 3, HiddenSizes = [4] }, window: window);
            using var session = new OnnxSession(stream => model.SaveOnnx(stream, new OnnxOptions { VariableLengths = variableLengths }));

            Compare(model, session, steps: 6, variableLengths, level: 50, shortest: 2);
        }
    }

    [Fact]
    public void SaveOnnx_ConstantWindow_ForecastsItsConstant()
    {
        var window = new WindowTransform { Normalization = WindowNormalization.LastValueAndScale, RowSize = 1, TargetFeatures = [0] };
        RecurrentModel model = ExportedModels.Create("multi-step", new NetworkSpec { InputSize = 1, HiddenSizes = [4] }, window: window);
        using var session = new OnnxSession(model.SaveOnnx);
        float[] constant = [.. Enumerable.Repeat(0.1f, 7)];

        Assert.All((float[])session.Run(OnnxSession.Input("features", constant, 1, 7, 1))["score"], value => Assert.Equal(0.1f, value));
    }

    [Theory]
    [InlineData("scalar", "score")]
    [InlineData("every-step", "score")]
    [InlineData("binary", "probability")]
    [InlineData("classes", "probabilities")]
    public void SaveOnnx_ValuesThatAreNotFinite_GiveNaNForTheirSequenceAlone(string head, string output)
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            RecurrentModel model = ExportedModels.Create(head, new NetworkSpec { InputSize = 1, HiddenSizes = [4] });
            using var session = new OnnxSession(model.SaveOnnx);

            Dictionary<string, Array> found = session.Run(OnnxSession.Input("features", [1f, 2, 3, value, 5, 6], 2, 3, 1));

            float[] scores = (float[])found[output];
            Assert.All(scores.Take(scores.Length / 2), score => Assert.True(float.IsFinite(score)));
            Assert.All(scores.Skip(scores.Length / 2), score => Assert.True(float.IsNaN(score)));
            if (head == "classes")
                Assert.Equal("", ((string[])found["label"])[1]);
        }
    }

    [Fact]
    public void SaveOnnx_SequencesOfLengthZeroAndPadding_GiveNaNAndAreNotRead()
    {
        RecurrentModel model = ExportedModels.Create("scalar", new NetworkSpec { InputSize = 1, HiddenSizes = [4] });
        using var session = new OnnxSession(stream => model.SaveOnnx(stream, new OnnxOptions { VariableLengths = true }));

        float[] scores = (float[])session.Run(OnnxSession.Input("features", [1f, 2, 1, float.NaN, 7, 8], 3, 2, 1),
            OnnxSession.Input("sequence_lens", [2, 1, 0], 3))["score"];

        Near.Equal(model.Predict((float[])[1, 2]), scores.AsSpan(0, 1));
        Near.Equal(model.Predict((float[])[1]), scores.AsSpan(1, 1));
        Assert.True(float.IsNaN(scores[2]));
    }

    [Fact]
    public void SaveOnnx_File_SaysTaskAndNames()
    {
        RecurrentModel model = ExportedModels.Create("classes", new NetworkSpec { InputSize = 1, HiddenSizes = [4] });
        using var session = new OnnxSession(model.SaveOnnx);

        Assert.Equal(["label", "probabilities", "class"], session.Outputs);
        Assert.Equal("MulticlassClassification", session.Metadata["task"]);
        Assert.Equal("class 0 ü|class 1 ü|class 2 ü|class 3 ü",
            string.Join("|", System.Text.Json.JsonSerializer.Deserialize<string[]>(session.Metadata["output_names"])!));
    }

    private static void Compare(RecurrentModel model, OnnxSession session, int steps, bool variableLengths = false, float level = 0, int shortest = 1)
    {
        var random = new Random(5);
        int features = model.Spec.InputSize;
        int[] lengths = [.. Enumerable.Range(0, Count).Select(i => variableLengths ? shortest + (i % (steps - shortest + 1)) : steps)];
        float[] numbers = [.. Enumerable.Range(0, Count * steps * features).Select(_ => level + (random.NextSingle() * 6) - 3)];
        long[] tokens = [.. Enumerable.Range(0, model.Spec.VocabularySize > 0 ? Count * steps : 0).Select(_ =>
            random.NextInt64(model.Spec.VocabularySize))];
        List<OnnxRuntime.NamedOnnxValue> inputs = [];
        if (features > 0)
            inputs.Add(OnnxSession.Input("features", numbers, Count, steps, features));
        if (tokens.Length > 0)
            inputs.Add(OnnxSession.Input("tokens", tokens, Count, steps));
        if (variableLengths)
            inputs.Add(OnnxSession.Input("sequence_lens", lengths, Count));
        float[] scores = (float[])session.Run([.. inputs])[model.Task == ModelTask.Regression ? "score" : "probabilities"];
        for (int i = 0; i < Count; i++)
        {
            float[] own = features == 0 ? [] : numbers.AsSpan(i * steps * features, lengths[i] * features).ToArray();
            int[] ownTokens = tokens.Length == 0 ? [] : [.. tokens.Skip(i * steps).Take(lengths[i]).Select(token => (int)token)];
            Near.Equal(model.Predict(own, ownTokens), scores.AsSpan(i * (scores.Length / Count), scores.Length / Count));
        }
    }
}
