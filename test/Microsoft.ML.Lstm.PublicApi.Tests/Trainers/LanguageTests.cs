using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Trainers;

/// <summary>What a user writes, by public API alone.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void LstmTagger_SavedModel_TagsWords()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? new Sentence { Text = "pay ten euros now", Tags = "O B-SUM I-SUM O" }
            : new Sentence { Text = "now ten cows pay", Tags = "O O O O" }));
        TransformerChain<KeyToValueMappingTransformer> model = _ml.Transforms.Text.TokenizeIntoWords("Features", nameof(Sentence.Text))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Features"))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Sentence.Tags)))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.MulticlassClassification.Trainers.LstmTagger(hiddenSize: 16, numberOfEpochs: 60, learningRate: 0.03f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"))
            .Fit(data);

        _ml.Model.Save(model, data.Schema, _path);
        var production = new MLContext();
        using var engine = production.Model.CreatePredictionEngine<Sentence, Tags>(production.Model.Load(_path, out _));

        Assert.Equal(["O", "B-SUM", "I-SUM", "O"], engine.Predict(new Sentence { Text = "now ten euros pay" }).Answer);
        TaggingMetrics metrics = _ml.MulticlassClassification.EvaluateTags(model.Transform(data));
        Assert.Equal((1.0, 1.0), (metrics.TokenAccuracy, metrics.Entities!.F1));
    }

    [Fact]
    public void LstmLanguageModel_SavedModel_IsMeasuredAndWritesOn()
    {
        // In no order that could be learned instead of the words.
        var random = new Random(1);
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(_ => new Sentence { Text = random.Next(2) == 0 ? "one for sorrow" : "two for joy" }).ToArray());
        ITransformer characters = _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", nameof(Sentence.Text), useMarkerCharacters: false).Fit(data);
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
        {
            EndOfRowToken = "\n",
            HiddenSizes = [32],
            EmbeddingSize = 8,
            BatchSize = 4,
            NumberOfEpochs = 30,
            LearningRate = 0.02f,
        }).Fit(characters.Transform(data));

        _ml.Model.Save(model, null, _path);
        var loaded = (LstmLanguageModelTransformer)new MLContext().Model.Load(_path, out _);

        LanguageModelMetrics metrics = loaded.Evaluate(characters.Transform(data));
        Assert.InRange(metrics.Perplexity, 1, 1.3);
        Assert.Equal(metrics.CrossEntropy / Math.Log(2), metrics.BitsPerCharacter, 1e-12);
        Assert.Equal("for joy\n", loaded.Generate("\ntwo ", 8, temperature: 0));
        Assert.Equal(loaded.Generate("one", 50, seed: 1), string.Concat(loaded.GenerateTokens(["o", "n", "e"], 50, seed: 1)));
    }

    [Fact]
    public void LstmLanguageModel_EndOfAPipeline_Trains()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(_ => new Sentence { Text = "the cat sat down" }));
        TransformerChain<KeyToValueMappingTransformer> model = _ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Sentence.Text))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
            .Append(_ml.Transforms.Text.LstmLanguageModel(hiddenSize: 16, numberOfEpochs: 60, learningRate: 0.01f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Next", "PredictedLabel"))
            .Fit(data);

        using var engine = _ml.Model.CreatePredictionEngine<Sentence, Guess>(model);

        Assert.Equal("sat", engine.Predict(new Sentence { Text = "the cat" }).Next);
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Tags { get; set; } = "";
    }

    private sealed class Tags
    {
        public string[] Answer { get; set; } = [];
    }

    private sealed class Guess
    {
        public string Next { get; set; } = "";
    }
}
