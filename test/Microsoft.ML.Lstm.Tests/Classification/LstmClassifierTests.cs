using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Classification;

public class LstmClassifierTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmClassifier_KeyLabel_KeepsToWhatEveryEstimatorKeepsTo()
    {
        IDataView data = Keyed(Sorted.Many(40));

        CheckEstimator.Run(_ml, _ml.MulticlassClassification.Trainers.LstmClassifier(Quick()), data, ["Label", "Features", "Weight"], ["Features"]);
    }

    [Fact]
    public void Fit_KeyLabel_GivesClassesThatMLNetEvaluatesAndMapsBack()
    {
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(hiddenSize: 12, numberOfEpochs: 40, learningRate: 0.01f))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Word", "PredictedLabel"));

        IDataView scored = chain.Fit(Load(Sorted.Many(400))).Transform(Load(Sorted.Many(150, seed: 2)));

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.InRange(metrics.MicroAccuracy, 0.85, 1);
        Assert.InRange(metrics.LogLoss, 0, 0.5);
        Assert.Equal(["low", "middle", "high"], SlotNames(scored.Schema["Score"]));
        string[] truth = [.. Sorted.Many(150, seed: 2).Select(r => r.Label)];
        Assert.Equal(metrics.MicroAccuracy, scored.GetColumn<string>("Word").Zip(truth, (word, label) => word == label ? 1.0 : 0).Average(), 1e-9);
    }

    [Fact]
    public void Transform_Scores_AreProbabilitiesAndTheLabelIsTheMostProbable()
    {
        IDataView scored = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick()).Fit(Keyed(Sorted.Many(60))).Transform(Keyed(Sorted.Many(20)));

        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        Assert.All(scores, s => Assert.Equal(1, s.Sum(), 1e-5f));
        Assert.Equal(scores.Select(s => (uint)(s.IndexOf(s.Max()) + 1)), scored.GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void CrossValidate_Classifier_TrainsAModelForEachFold()
    {
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(numberOfEpochs: 12, learningRate: 0.02f));

        var folds = _ml.MulticlassClassification.CrossValidate(Load(Sorted.Many(240)), chain, numberOfFolds: 3);

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.5, $"{fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Load_SavedModel_PredictsInWordsOneRowAtATime()
    {
        IDataView data = Load(Sorted.Many(60));
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.LstmClassifier(Quick()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Word", "PredictedLabel"));
        ITransformer model = chain.Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        var other = new MLContext();
        using PredictionEngine<Sorted, Worded> engine = other.Model.CreatePredictionEngine<Sorted, Worded>(other.Model.Load(stream, out _));

        Assert.Equal(model.Transform(data).GetColumn<string>("Word"), Sorted.Many(60).Select(row => engine.Predict(row).Word));
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        Assert.Equal(["low", "middle", "high"], names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void Load_KeysOfNumbers_GivesTheNumbersBack()
    {
        IDataView data = Keyed(Sorted.Many(40), "Number");
        LstmClassifier.Options options = Quick();
        options.LabelColumnName = "Number";

        ITransformer model = CheckEstimator.Run(_ml, _ml.MulticlassClassification.Trainers.LstmClassifier(options), data, ["Number", "Features"], ["Features"]);

        IDataView scored = model.Transform(data);
        scored = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored);
        Assert.Equal(["0", "1.5", "3"], SlotNames(scored.Schema["Score"]));
        Assert.All(scored.GetColumn<float>("PredictedLabel"), number => Assert.Contains(number, (float[])[0, 1.5f, 3]));
    }

    [Fact]
    public void Fit_KeysOfAnyTypeWithoutValues_AreLabels()
    {
        Plain[] rows = [.. Sorted.Many(30).Select((r, i) => new Plain { Features = r.Features, Small = (byte)(i % 3), Large = (ulong)(i % 2) })];
        foreach ((string label, int classes) in new[] { ("Small", 3), ("Large", 2) })
        {
            LstmClassifier.Options options = Quick(weight: null);
            options.LabelColumnName = label;

            IDataView scored = _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(_ml.Data.LoadFromEnumerable(rows)).Transform(_ml.Data.LoadFromEnumerable(rows));

            Assert.Equal(new KeyDataViewType(typeof(uint), classes), scored.Schema["PredictedLabel"].Type);
            Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, classes), scored.Schema["Score"].Type);
            Assert.Null(scored.Schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
            Assert.True(_ml.MulticlassClassification.Evaluate(scored, label).LogLoss < 3);
        }
    }

    [Fact]
    public void Transform_SequenceNotFinite_HasNoClass()
    {
        var model = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick()).Fit(Keyed(Sorted.Many(40)));
        Sorted[] rows = Sorted.Many(4);
        rows[1].Features[3] = float.NaN;

        IDataView scored = model.Transform(Load(rows));

        Assert.Equal([false, true, false, false], scored.GetColumn<uint>("PredictedLabel").Select(key => key == 0));
        Assert.Equal([true, false, true, true], scored.GetColumn<float[]>("Score").Select(s => s.All(float.IsFinite)));
    }

    [Fact]
    public void Transform_SeveralThreads_ShareAModel()
    {
        var model = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick()).Fit(Keyed(Sorted.Many(60)));
        IDataView data = Load(Sorted.Many(100, seed: 4));
        string[] expected = RowValues.Read(model.Transform(data), "Score", "PredictedLabel");
        string[][] found = new string[6][];

        Parallel.For(0, found.Length, i => found[i] = RowValues.Read(model.Transform(data), "Score", "PredictedLabel"));

        Assert.All(found, rows => Assert.Equal(expected, rows));
    }

    [Fact]
    public void Fit_ValidationDataOfItsOwn_MustHaveTheSameClasses()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Load(Sorted.Many(40)));
        var trainer = _ml.MulticlassClassification.Trainers.LstmClassifier(Quick());
        IDataView training = mapping.Transform(Load(Sorted.Many(40)));

        var model = trainer.Fit(training, mapping.Transform(Load(Sorted.Many(12, seed: 5))));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(training, Keyed([.. Sorted.Many(12).Reverse()])));

        Assert.Equal(2, model.History.Epochs.Count);
        Assert.All(model.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.Contains("label column 'Label': expected the 3 classes of the training data, in the same order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LabelSmoothing_KeepsProbabilitiesFromTheExtremes()
    {
        float Surest(float smoothing)
        {
            LstmClassifier.Options options = Quick();
            (options.LabelSmoothing, options.NumberOfEpochs, options.LearningRate) = (smoothing, 60, 0.03f);
            (options.ValidationFraction, options.Patience) = (0, null);
            return _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(Keyed(Sorted.Many(60))).Transform(Keyed(Sorted.Many(60)))
                .GetColumn<float[]>("Score").Average(s => s.Max());
        }

        Assert.InRange(Surest(0), 0.93f, 1);
        // (1 − ε) + ε / 3 is the target of the label's class.
        Assert.InRange(Surest(0.3f), 0.6f, 0.87f);
    }

    private static LstmClassifier.Options Quick(string? weight = "Weight") => new()
    {
        ExampleWeightColumnName = weight,
        HiddenSizes = [8],
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        Seed = 1,
    };

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private IDataView Load(Sorted[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private IDataView Keyed(Sorted[] rows, string label = "Label") => _ml.Transforms.Conversion.MapValueToKey(label).Fit(Load(rows)).Transform(Load(rows));

    private sealed class Worded
    {
        public string Word { get; set; } = "";
    }

    private sealed class Plain
    {
        [VectorType(6, 2)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public byte Small { get; set; }

        [KeyType(2)]
        public ulong Large { get; set; }
    }
}
