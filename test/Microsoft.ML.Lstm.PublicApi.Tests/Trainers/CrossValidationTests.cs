using Microsoft.ML.Data;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Trainers;

/// <summary>Cross-validation of a whole pipeline, and a prediction engine on a model that it gives, for each of the five trainers.</summary>
public sealed class CrossValidationTests
{
    private static readonly Saying[] Rows = [.. Enumerable.Range(0, 60).Select(Saying.Of)];
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void CrossValidate_Regressor_GivesMetricsOfEachFold()
    {
        var folds = _ml.Regression.CrossValidate(
            Load(), Words().Append(_ml.Regression.Trainers.LstmRegressor("Cows", "Tokens", hiddenSize: 8, numberOfEpochs: 60, learningRate: 0.03f)), 3, "Cows");

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.RSquared, 0.5, 1));
        AssertAgrees<Number>(folds[1].Model, answer => [answer.Score]);
    }

    [Fact]
    public void CrossValidate_Classifier_GivesMetricsOfEachFold()
    {
        var pipeline = Words().Append(_ml.Transforms.Conversion.MapValueToKey("Label", nameof(Saying.Kind)))
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Tokens", hiddenSize: 8, numberOfEpochs: 30, learningRate: 0.03f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));

        var folds = _ml.MulticlassClassification.CrossValidate(Load(), pipeline, 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.9, 1));
        AssertAgrees<Text>(folds[1].Model, answer => [answer.Answer, .. answer.Score]);
    }

    [Fact]
    public void CrossValidate_BinaryClassifier_GivesMetricsOfEachFold()
    {
        var pipeline = Words().Append(_ml.BinaryClassification.Trainers.LstmBinaryClassifier("HasCows", "Tokens", hiddenSize: 8, numberOfEpochs: 30, learningRate: 0.03f));

        var folds = _ml.BinaryClassification.CrossValidate(Load(), pipeline, 3, "HasCows");

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.Accuracy, 0.9, 1));
        AssertAgrees<Truth>(folds[1].Model, answer => [answer.PredictedLabel, answer.Score, answer.Probability]);
    }

    [Fact]
    public void CrossValidateTags_Tagger_GivesMetricsOfEachFold()
    {
        IReadOnlyList<CrossValidationResult<TaggingMetrics>> folds = _ml.MulticlassClassification.CrossValidateTags(Load(), Tagger(30), numberOfFolds: 3);

        Assert.Equal([0, 1, 2], folds.Select(fold => fold.Fold));
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.TokenAccuracy, 0.9, 1));
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.Entities!.F1, 0.9, 1));
        Assert.All(folds, fold => Assert.Equal(fold.Metrics.TokenCount, _ml.MulticlassClassification.EvaluateTags(fold.ScoredHoldOutSet).TokenCount));
        AssertAgrees<Texts>(folds[1].Model, answer => [.. answer.Answer, .. answer.Score]);
    }

    [Fact]
    public void CrossValidateLanguageModel_Text_GivesMetricsOfEachFold()
    {
        IReadOnlyList<CrossValidationResult<LanguageModelMetrics>> folds = _ml.Transforms.Text.CrossValidateLanguageModel(Load(), LanguageModel(30), numberOfFolds: 3);

        Assert.Equal([0, 1, 2], folds.Select(fold => fold.Fold));
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.Perplexity, 1, 2.5));
        AssertAgrees<Text>(folds[1].Model, answer => [answer.Answer, .. answer.Score]);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, 5)]
    [InlineData("Speaker", 5)]
    public void CrossValidateTags_AnySampling_MakesTheFoldsOfMLNet(string? samplingKeyColumn, int? seed)
    {
        var folds = _ml.MulticlassClassification.CrossValidateTags(Load(), Tagger(1), 2, samplingKeyColumnName: samplingKeyColumn, seed: seed);

        int[][] expected = [.. _ml.Data.CrossValidationSplit(Load(), 2, samplingKeyColumn, seed).Select(fold => fold.TestSet.GetColumn<int>("Number").ToArray())];
        Assert.Equal(expected, folds.Select(fold => fold.ScoredHoldOutSet.GetColumn<int>("Number").ToArray()));
        Assert.All(samplingKeyColumn is null ? [] : Rows.GroupBy(row => row.Speaker), group => Assert.Single(expected, fold => fold.Intersect(group.Select(row => row.Number)).Any()));
        var classified = _ml.MulticlassClassification.CrossValidate(
            Load(), _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Saying.Kind)).Append(Words())
                .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Tokens", hiddenSize: 4, numberOfEpochs: 1)),
            2, samplingKeyColumnName: samplingKeyColumn, seed: seed);
        Assert.Equal(expected, classified.Select(fold => fold.ScoredHoldOutSet.GetColumn<int>("Number").ToArray()));
    }

    [Fact]
    public void CrossValidateLanguageModel_Folds_AreBlocksAndTheRestIsInOrder()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows.Take(20));

        var folds = _ml.Transforms.Text.CrossValidateLanguageModel(data, LanguageModel(2), numberOfFolds: 3);

        Assert.Equal([0..6, 6..13, 13..20], folds.Select(fold => Block(fold.ScoredHoldOutSet.GetColumn<int>("Number").ToArray())));
        ITransformer model = LanguageModel(2).Fit(_ml.Data.LoadFromEnumerable([.. Rows[..6], .. Rows[13..20]]));
        IDataView expected = model.Transform(_ml.Data.LoadFromEnumerable(Rows[6..13]));
        Assert.Equal(expected.GetColumn<float[]>("Score"), folds[1].ScoredHoldOutSet.GetColumn<float[]>("Score"));
        LanguageModelMetrics metrics = ((IEnumerable<ITransformer>)model).OfType<LstmLanguageModelTransformer>().Single().Evaluate(expected);
        Assert.Equal((metrics.CrossEntropy, metrics.TokenCount), (folds[1].Metrics.CrossEntropy, folds[1].Metrics.TokenCount));

        static Range Block(int[] numbers) => numbers.SequenceEqual(Enumerable.Range(numbers[0], numbers.Length)) ? numbers[0]..(numbers[^1] + 1) : default;
    }

    [Fact]
    public void CrossValidate_TrainerAlone_IsTaken()
    {
        IDataView words = Words().Append(_ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Saying.Tags))).Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Fit(Load()).Transform(Load());

        Assert.Equal(2, _ml.MulticlassClassification.CrossValidateTags(words, _ml.MulticlassClassification.Trainers.LstmTagger("Label", "Tokens", numberOfEpochs: 1), 2).Count);
        Assert.Equal(2, _ml.Transforms.Text.CrossValidateLanguageModel(words, _ml.Transforms.Text.LstmLanguageModel(hiddenSize: 8, numberOfEpochs: 1), 2).Count);
    }

    // Predictions of one row at a time are the bits of all rows at once.
    private void AssertAgrees<TAnswer>(ITransformer model, Func<TAnswer, IEnumerable<object>> read)
        where TAnswer : class, new()
    {
        using PredictionEngine<Saying, TAnswer> engine = _ml.Model.CreatePredictionEngine<Saying, TAnswer>(model);
        IEnumerable<TAnswer> expected = _ml.Data.CreateEnumerable<TAnswer>(model.Transform(Load()), reuseRowObject: false);
        Assert.Equal(expected.Select(read), Rows.Select(row => read(engine.Predict(row)).ToArray().AsEnumerable()));
    }

    private IDataView Load() => _ml.Data.LoadFromEnumerable(Rows);

    private EstimatorChain<ITransformer> Words() => new EstimatorChain<ITransformer>()
        .Append((IEstimator<ITransformer>)_ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Saying.Text)))
        .Append((IEstimator<ITransformer>)_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"));

    private IEstimator<ITransformer> Tagger(int epochs) => Words().Append(_ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Saying.Tags)))
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(_ml.MulticlassClassification.Trainers.LstmTagger("Label", "Tokens", hiddenSize: 8, numberOfEpochs: epochs, learningRate: 0.03f))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));

    private IEstimator<ITransformer> LanguageModel(int epochs) => Words()
        .Append(_ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options { HiddenSizes = [8], NumberOfEpochs = epochs, LearningRate = 0.03f, BatchSize = 4, Seed = 1 }))
        .Append(_ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel"));

    private sealed class Saying
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";

        public string Tags { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Speaker { get; set; } = "";

        public float Cows { get; set; }

        public bool HasCows { get; set; }

        public static Saying Of(int i)
        {
            string price = i % 2 == 0 ? "ten euros" : "ten cows";
            bool isFirst = i / 2 % 3 == 0;
            string tag = i % 2 == 0 ? "B-SUM I-SUM" : "O O";
            return new Saying
            {
                Number = i,
                Text = isFirst ? $"{price} now" : $"pay {price} now",
                Tags = isFirst ? $"{tag} O" : $"O {tag} O",
                Kind = i % 2 == 0 ? "money" : "cattle",
                Speaker = $"speaker {i / 2 % 10}",
                Cows = i % 2 == 0 ? 0 : 10,
                HasCows = i % 2 == 1,
            };
        }
    }

    private sealed class Number
    {
        public float Score { get; set; }
    }

    private sealed class Truth
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Text
    {
        public string Answer { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class Texts
    {
        public string[] Answer { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
