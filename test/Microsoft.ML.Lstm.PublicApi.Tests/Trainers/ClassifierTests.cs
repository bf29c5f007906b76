using Microsoft.ML.Transforms;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Trainers;

/// <summary>What a user writes, by public API alone.</summary>
public sealed class ClassifierTests
{
    private static readonly string[] Greetings = ["hello", "hi", "hey"], Partings = ["bye", "goodbye", "ciao"];
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void LstmClassifier_SavedModel_ClassifiesTextInWords()
    {
        string path = Path.GetTempFileName();
        IDataView data = _ml.Data.LoadFromEnumerable(Sayings(80));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Saying.Kind))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Saying.Text)))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Tokens"))
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Tokens", hiddenSize: 8, numberOfEpochs: 30, learningRate: 0.03f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));
        TransformerChain<KeyToValueMappingTransformer> model = pipeline.Fit(data);
        try
        {
            _ml.Model.Save(model, data.Schema, path);
            var production = new MLContext();
            using var engine = production.Model.CreatePredictionEngine<Saying, Answer>(production.Model.Load(path, out _));

            Assert.Equal("greeting", engine.Predict(new Saying { Text = "well hello" }).Value);
            Answer answer = engine.Predict(new Saying { Text = "well well bye" });
            Assert.Equal("parting", answer.Value);
            Assert.Equal(1, answer.Score.Sum(), 1e-5f);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Equal(1, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [Fact]
    public void LstmClassifier_Options_AreTaken()
    {
        var options = new LstmBinaryClassifier.Options
        {
            LabelColumnName = nameof(Saying.IsGreeting),
            FeatureColumnName = "Letters",
            HiddenSizes = [8],
            ClassWeights = ClassWeights.Balanced,
            NumberOfEpochs = 30,
            LearningRate = 0.03f,
            EmbeddingSize = 4,
        };
        IDataView data = _ml.Data.LoadFromEnumerable(Sayings(80));
        var pipeline = _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Letters", nameof(Saying.Text))
            .Append(_ml.BinaryClassification.Trainers.LstmBinaryClassifier(options));

        TransformerChain<LstmBinaryClassificationTransformer> model = pipeline.Fit(data);

        Assert.InRange(_ml.BinaryClassification.Evaluate(model.Transform(data), nameof(Saying.IsGreeting)).AreaUnderRocCurve, 0.9, 1);
        Assert.NotEmpty(model.LastTransformer.History.Epochs);
    }

    private static Saying[] Sayings(int rows) => [.. Enumerable.Range(0, rows).Select(i => new Saying
    {
        Text = string.Concat(Enumerable.Repeat("well ", i % 3)) + (i % 2 == 0 ? Greetings : Partings)[i / 2 % 3],
        Kind = i % 2 == 0 ? "greeting" : "parting",
        IsGreeting = i % 2 == 0,
    })];

    private sealed class Saying
    {
        public string Text { get; set; } = "";

        public string Kind { get; set; } = "";

        public bool IsGreeting { get; set; }
    }

    private sealed class Answer
    {
        [ColumnName("Answer")]
        public string Value { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
