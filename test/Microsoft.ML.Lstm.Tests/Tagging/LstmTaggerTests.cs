using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Tagging;

public class LstmTaggerTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmTagger_VectorOfKeys_KeepsToWhatEveryEstimatorKeepsTo()
    {
        LstmTagger.Options options = Prices.Quick();
        options.ExampleWeightColumnName = "Weight";

        CheckEstimator.Run(_ml, _ml.MulticlassClassification.Trainers.LstmTagger(options), Prices.Keys(_ml, Prices.Sentences(20)), ["Label", "Features", "Weight"], ["Features"]);
    }

    [Fact]
    public void Fit_TagsThatShowOnlyInWhatFollows_AreLearned()
    {
        LstmTagger.Options options = Prices.Quick();
        (options.NumberOfEpochs, options.LearningRate) = (30, 0.02f);
        IDataView test = Prices.Keys(_ml, Prices.Sentences(50, seed: 2));

        IDataView tagged = _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(Prices.Keys(_ml, Prices.Sentences(200))).Transform(test);

        TaggingMetrics metrics = _ml.MulticlassClassification.EvaluateTags(tagged);
        Assert.InRange(metrics.TokenAccuracy, 0.98, 1);
        Assert.InRange(metrics.Entities!.F1, 0.95, 1);
        Assert.Equal(["PRICE"], metrics.PerEntity.Keys);
    }

    [Fact]
    public void Fit_ForwardsAlone_CannotKnowWhatFollows()
    {
        LstmTagger.Options options = Prices.Quick();
        (options.NumberOfEpochs, options.LearningRate, options.Bidirectional) = (30, 0.02f, false);

        IDataView tagged = _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(Prices.Keys(_ml, Prices.Sentences(200))).Transform(Prices.Keys(_ml, Prices.Sentences(50, seed: 2)));

        Assert.InRange(_ml.MulticlassClassification.EvaluateTags(tagged).TokenAccuracy, 0.5, 0.9);
    }

    [Fact]
    public void Transform_Tags_MapBackAndProbabilitiesAddUp()
    {
        Tagged[] rows = Prices.Sentences(10);
        ITransformer model = _ml.MulticlassClassification.Trainers.LstmTagger(Prices.Quick()).Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"))
            .Fit(Prices.Keys(_ml, Prices.Sentences(40)));

        Output[] outputs = [.. _ml.Data.CreateEnumerable<Output>(model.Transform(Prices.Keys(_ml, rows)), reuseRowObject: false)];

        string[] names = ["O", "B-PRICE", "I-PRICE"];
        foreach ((Tagged row, Output output) in rows.Zip(outputs))
        {
            Assert.Equal(row.Words.Length, output.Predicted.Length);
            Assert.Equal(row.Words.Length * 3, output.Score.Length);
            float[][] steps = [.. output.Score.Chunk(3)];
            Assert.All(steps, step => Assert.Equal(1, step.Sum(), 1e-5));
            Assert.Equal(steps.Select(step => Array.IndexOf(step, step.Max())), output.PredictedLabel.Select(key => (int)key - 1));
            Assert.All(output.Predicted, tag => Assert.Contains(tag, names));
        }
    }

    [Fact]
    public void Predict_Sentence_IsTagged()
    {
        LstmTagger.Options options = Prices.Quick();
        (options.NumberOfEpochs, options.LearningRate) = (30, 0.02f);
        IDataView data = _ml.Data.LoadFromEnumerable(Prices.Sentences(200));
        ITransformer model = Prices.Pipeline(_ml).Append(_ml.MulticlassClassification.Trainers.LstmTagger(options))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel")).Fit(data);

        using PredictionEngine<Tagged, Output> engine = _ml.Model.CreatePredictionEngine<Tagged, Output>(model);

        Assert.Equal(["B-PRICE", "I-PRICE", "I-PRICE", "O", "O"], engine.Predict(new Tagged { Words = ["ten", "six", "euros", "two", "apples"] }).Predicted);
        Assert.Equal(["O", "O"], engine.Predict(new Tagged { Words = ["ten", "apples"] }).Predicted);
        Assert.Empty(engine.Predict(new Tagged()).Predicted);
    }

    [Fact]
    public void Transform_StepsOfNumbers_AreTaggedUnlessNotFinite()
    {
        var random = new Random(1);
        NumberRow[] rows = [.. Enumerable.Range(0, 100).Select(_ => new NumberRow { Features = [.. Enumerable.Range(0, 2 * random.Next(2, 6)).Select(_ => random.NextSingle() - 0.5f)] })];
        foreach (NumberRow row in rows)
            row.Label = [.. row.Features.Chunk(2).Select(step => step[0] > 0 ? 2u : 1u)];
        LstmTagger.Options options = Prices.Quick();
        (options.StepSize, options.NumberOfEpochs, options.LearningRate) = (2, 30, 0.02f);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);

        LstmTaggingTransformer model = _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(data);

        TaggingMetrics metrics = _ml.MulticlassClassification.EvaluateTags(model.Transform(data));
        Assert.InRange(metrics.TokenAccuracy, 0.95, 1);
        Assert.Null(metrics.Entities);
        rows[0].Features[1] = float.NaN;
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(rows.Take(1)));
        Assert.All(scored.GetColumn<uint[]>("PredictedLabel").Single(), key => Assert.Equal(0u, key));
        Assert.All(scored.GetColumn<float[]>("Score").Single(), score => Assert.True(float.IsNaN(score)));
    }

    [Fact]
    public void Fit_MissingLabel_IsNotLearnedFrom()
    {
        Tagged[] rows = Prices.Sentences(60), gaps = Prices.Sentences(60);
        // Wrong tags under missing labels could only hurt.
        foreach (Tagged row in gaps)
            row.Tags = [.. row.Tags.Select((tag, i) => i % 2 == 0 ? tag : "never seen")];
        LstmTagger.Options options = Prices.Quick();
        (options.NumberOfEpochs, options.LearningRate) = (40, 0.02f);

        LstmTaggingTransformer model = _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(Prices.Keys(_ml, gaps));

        Assert.InRange(_ml.MulticlassClassification.EvaluateTags(model.Transform(Prices.Keys(_ml, rows))).TokenAccuracy, 0.9, 1);
        Assert.Equal(gaps.Sum(row => row.Tags.Count(tag => tag != "never seen")), _ml.MulticlassClassification.EvaluateTags(model.Transform(Prices.Keys(_ml, gaps))).TokenCount);
    }

    private sealed class Output
    {
        public string[] Predicted { get; set; } = [];

        public uint[] PredictedLabel { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class NumberRow
    {
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint[] Label { get; set; } = [];
    }
}
