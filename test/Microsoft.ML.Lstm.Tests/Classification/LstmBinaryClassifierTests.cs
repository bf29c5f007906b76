using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Classification;

public class LstmBinaryClassifierTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmBinaryClassifier_BooleanLabel_KeepsToWhatEveryEstimatorKeepsTo() => CheckEstimator.Run(
        _ml, _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick()), Load(Sorted.Many(40)), ["IsHigh", "Features", "Weight"], ["Features"]);

    [Fact]
    public void Fit_BooleanLabel_GivesProbabilitiesThatMLNetEvaluates()
    {
        var trainer = _ml.BinaryClassification.Trainers.LstmBinaryClassifier("IsHigh", hiddenSize: 12, numberOfEpochs: 30, learningRate: 0.01f);

        IDataView scored = trainer.Fit(Load(Sorted.Many(300))).Transform(Load(Sorted.Many(150, seed: 2)));

        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(scored, "IsHigh");
        Assert.InRange(metrics.Accuracy, 0.9, 1);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.95, 1);
        Assert.InRange(metrics.LogLoss, 0, 0.4);
        Assert.All(scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Probability")), row => Assert.Equal(1 / (1 + Math.Exp(-row.First)), row.Second, 1e-6));
        Assert.Equal(scored.GetColumn<float>("Score").Select(s => s > 0), scored.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void Transform_Columns_SayWhatTheyAreAsMLNetsDo()
    {
        IDataView once = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick()).Fit(Load(Sorted.Many(20))).Transform(Load(Sorted.Many(20)));
        IDataView twice = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick()).Fit(once).Transform(once);

        foreach (string column in new[] { "Score", "Probability", "PredictedLabel" })
        {
            Assert.Equal(("BinaryClassification", column, 1u), Said(once.Schema[column]));
            Assert.Equal(2u, Said(twice.Schema[column]).SetId);
        }
        Assert.True(once.Schema["Probability"].IsNormalized());
        Assert.False(once.Schema["Score"].IsNormalized());
    }

    [Fact]
    public void CrossValidate_BinaryClassifier_WorksAsDoPredictionEngines()
    {
        var trainer = _ml.BinaryClassification.Trainers.LstmBinaryClassifier("IsHigh", numberOfEpochs: 10, learningRate: 0.02f);

        var folds = _ml.BinaryClassification.CrossValidate(Load(Sorted.Many(150)), trainer, numberOfFolds: 3, labelColumnName: "IsHigh");

        Assert.All(folds, fold => Assert.True(fold.Metrics.AreaUnderRocCurve > 0.7, $"{fold.Metrics.AreaUnderRocCurve}"));
        ITransformer model = folds[0].Model;
        using PredictionEngine<Sorted, Prediction> engine = _ml.Model.CreatePredictionEngine<Sorted, Prediction>(model);
        Sorted[] rows = Sorted.Many(30, seed: 3);
        IDataView scored = model.Transform(Load(rows));
        Assert.Equal(
            scored.GetColumn<bool>("PredictedLabel").Zip(scored.GetColumn<float>("Probability"), scored.GetColumn<float>("Score")),
            rows.Select(row => engine.Predict(row)).Select(p => (p.PredictedLabel, p.Probability, p.Score)));
    }

    [Fact]
    public void Fit_WeightsOfClassesAndExamples_ShiftTheProbability()
    {
        // All sequences are the same, so the best probability is the weighted share of true: 0.1, and with weights what the expressions below say.
        // All rows in each batch: training then goes straight there, and does not hang about it as the batches come.
        Sorted[] rows = [.. Enumerable.Range(0, 100).Select(i => new Sorted { IsHigh = i % 10 == 0, Weight = i % 10 == 0 ? 3 : 1 })];
        float Mean(ClassWeights weights, string? column)
        {
            LstmBinaryClassifier.Options options = Quick();
            (options.ClassWeights, options.ExampleWeightColumnName, options.NumberOfEpochs, options.LearningRate) = (weights, column, 120, 0.05f);
            (options.HiddenSizes, options.ValidationFraction, options.BatchSize, options.Patience) = ([2], 0, rows.Length, null);
            return _ml.BinaryClassification.Trainers.LstmBinaryClassifier(options).Fit(Load(rows)).Transform(Load(rows)).GetColumn<float>("Probability").Average();
        }

        Assert.Equal(0.1, Mean(ClassWeights.Equal, null), 0.005);
        Assert.Equal(0.5, Mean(ClassWeights.Balanced, null), 0.005);
        Assert.Equal(5 * 0.1 / (5 * 0.1 + 0.9), Mean(ClassWeights.Of(1, 5), null), 0.005);
        Assert.Equal(3 * 0.1 / (3 * 0.1 + 0.9), Mean(ClassWeights.Equal, "Weight"), 0.005);
    }

    [Fact]
    public void Transform_SequenceNotFinite_HasNoProbability()
    {
        Sorted[] rows = Sorted.Many(3);
        rows[1].Features[0] = float.PositiveInfinity;

        IDataView scored = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick()).Fit(Load(Sorted.Many(20))).Transform(Load(rows));

        Assert.Equal([true, false, true], scored.GetColumn<float>("Probability").Select(float.IsFinite));
        Assert.False(scored.GetColumn<bool>("PredictedLabel").ElementAt(1));
    }

    [Fact]
    public void Fit_ValidationDataOfItsOwn_IsWatched()
    {
        var model = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick()).Fit(Load(Sorted.Many(20)), Load(Sorted.Many(10, seed: 3)));

        Assert.All(model.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    private static (string Task, string Value, uint SetId) Said(DataViewSchema.Column column)
    {
        ReadOnlyMemory<char> task = default, value = default;
        uint setId = 0;
        column.Annotations.GetValue("ScoreColumnKind", ref task);
        column.Annotations.GetValue("ScoreValueKind", ref value);
        column.Annotations.GetValue("ScoreColumnSetId", ref setId);
        return (task.ToString(), value.ToString(), setId);
    }

    private static LstmBinaryClassifier.Options Quick() => new()
    {
        LabelColumnName = "IsHigh",
        ExampleWeightColumnName = "Weight",
        HiddenSizes = [8],
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        Seed = 1,
    };

    private IDataView Load(Sorted[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Prediction
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public float Score { get; set; }
    }
}
