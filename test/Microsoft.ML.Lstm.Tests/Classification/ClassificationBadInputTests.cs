using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tests.Classification;

public class ClassificationBadInputTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Fit_RowsWithoutLabel_AreLeftOutWithAWarning()
    {
        Sorted[] rows = Sorted.Many(30);
        IDataView all = _ml.Data.LoadFromEnumerable(rows);
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(rows.Where(r => r.Label != "high")));
        // Whatever else is wrong with such a row does not matter.
        rows.First(r => r.Label == "high").Features[0] = float.NaN;
        int labelled = rows.Count(r => r.Label != "high");
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };

        var model = Classifier().Fit(mapping.Transform(all));

        Assert.Contains($"Column 'Label' has no label in {30 - labelled} of 30 rows of the training data, which are left out; the first is row 2.", warnings);
        Assert.Equal(2, ((VectorDataViewType)model.Transform(all).Schema["Score"].Type).Size);
    }

    [Fact]
    public void Fit_NoLabelAtAll_IsAnError()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Sorted.Many(5));
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable([new Sorted { Label = "other" }, new Sorted { Label = "another" }]));

        var error = Assert.Throws<InvalidOperationException>(() => Classifier().Fit(mapping.Transform(data)));

        Assert.Contains("0 rows in the columns 'Features' and 'Label' beside 5 without a label (the first is row 0); expected at least 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ClassSeenOnlyInTestData_CountsForNothing()
    {
        Sorted[] known = [.. Sorted.Many(40).Where(r => r.Label != "high")], test = Sorted.Many(40, seed: 2);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Classifier()).Fit(_ml.Data.LoadFromEnumerable(known));

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(_ml.Data.LoadFromEnumerable(test)));

        Assert.Equal(2, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.Equal(test.Count(r => r.Label != "high"), metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Fact]
    public void Fit_ClassWithoutRows_IsLearnedToBeImprobable()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(_ml.Data.LoadFromEnumerable(Sorted.Many(40)));
        LstmClassifier.Options options = new() { HiddenSizes = [4], NumberOfEpochs = 20, LearningRate = 0.03f, Seed = 1, ClassWeights = ClassWeights.Balanced };
        IDataView data = mapping.Transform(_ml.Data.LoadFromEnumerable(Sorted.Many(80).Where(r => r.Label != "high")));

        IDataView scored = _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(data).Transform(data);

        Assert.All(scored.GetColumn<float[]>("Score"), s => Assert.InRange(s[2], 0, 0.2f));
    }

    [Fact]
    public void Fit_SingleClass_IsNamedWithItsColumn()
    {
        Sorted[] rows = [.. Sorted.Many(60).Where(r => r.Label == "middle").Take(9)];
        IDataView data = _ml.Data.LoadFromEnumerable(rows), keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        foreach (Sorted row in rows)
            row.IsHigh = true;

        var error = Assert.Throws<InvalidOperationException>(() => Classifier().Fit(keyed));
        var binary = Assert.Throws<InvalidOperationException>(() => _ml.BinaryClassification.Trainers.LstmBinaryClassifier("IsHigh").Fit(data));

        Assert.Equal("Column 'Label' has the class 'middle' in all 9 training rows; expected at least 2 classes to tell apart.", error.Message);
        Assert.Equal("Column 'IsHigh' has the class 'True' in all 9 training rows; expected at least 2 classes to tell apart.", binary.Message);
    }

    [Fact]
    public void Fit_LabelOfTheWrongKind_SaysWhatIsExpected()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Sorted.Many(5));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Classifier().Fit(data));
        var binary = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Trainers.LstmBinaryClassifier("Number").Fit(data));

        Assert.Contains("label column 'Label': expected a key, such as Conversion.MapValueToKey makes, got String", error.Message, StringComparison.Ordinal);
        Assert.Contains("label column 'Number': expected Boolean, got Single", binary.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_TooManyKeys_IsRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Vast()]);

        var label = Assert.Throws<ArgumentOutOfRangeException>(() => Classifier().Fit(data));
        var tokens = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor("Number", "Tokens").Fit(data));

        Assert.Contains("label column 'Label': expected keys of at most 16777216 values, got Key<UInt64, 0-", label.Message, StringComparison.Ordinal);
        Assert.Contains("feature column 'Tokens': expected keys of at most 16777216 values", tokens.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_EmptySequence_PredictsNoClass()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeIntoWords("Words", "Text")).Append(_ml.Transforms.Conversion.MapValueToKey("Words"));
        Written[] rows = [.. Enumerable.Range(0, 20).Select(i => new Written { Label = $"{i % 2}", Text = i % 2 == 0 ? "a b" : "b" })];
        LstmClassifier trainer = _ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Words", numberOfEpochs: 1);
        var model = mapping.Append(trainer).Fit(_ml.Data.LoadFromEnumerable(rows));
        foreach (Written row in rows.Skip(3))
            row.Text = "";

        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal([false, false, false, .. Enumerable.Repeat(true, 17)], scored.GetColumn<uint>("PredictedLabel").Select(key => key == 0));
    }

    [Fact]
    public void Transform_WordsOutsideTheVocabulary_AreTheUnknownToken()
    {
        Written[] rows = [.. Enumerable.Range(0, 20).Select(i => new Written { Label = $"{i % 2}", Text = i % 2 == 0 ? "a b" : "b" })];
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.Text.TokenizeIntoWords("Words", "Text")).Append(_ml.Transforms.Conversion.MapValueToKey("Words"))
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Words", numberOfEpochs: 1)).Fit(_ml.Data.LoadFromEnumerable(rows));

        float[][] scores = [.. model.Transform(_ml.Data.LoadFromEnumerable([new Written { Text = "what" }, new Written { Text = "ever" }, new Written { Text = "a" }])).GetColumn<float[]>("Score")];

        Assert.Equal(scores[0], scores[1]);
        Assert.NotEqual(scores[0], scores[2]);
        Assert.All(scores, s => Assert.Equal(1, s.Sum(), 1e-5f));
    }

    [Fact]
    public void Fit_BadClassWeights_AreNamed()
    {
        LstmClassifier.Options options = new() { ClassWeights = ClassWeights.Of(1, 2) };
        IDataView data = _ml.Data.LoadFromEnumerable(Sorted.Many(5)), keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);

        var count = Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(keyed));
        options.ClassWeights = null!;
        var missing = Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.LstmClassifier(options));

        Assert.StartsWith("ClassWeights has 2 weights; expected 3, one for each class of column 'Label'", count.Message, StringComparison.Ordinal);
        Assert.StartsWith("ClassWeights is null; expected ClassWeights.Equal", missing.Message, StringComparison.Ordinal);
        Assert.StartsWith("A class weight is -1; expected 0 or more", Assert.Throws<ArgumentException>(() => ClassWeights.Of(1, -1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("There are 2 class weights, none of them positive", Assert.Throws<ArgumentException>(() => ClassWeights.Of(0, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_BalancedWeights_AreNOverKTimesTheClassCount()
    {
        Assert.Equal([100 / (3 * 10f), 100 / (3 * 30f), 1, 100 / (3 * 60f)], ClassWeights.Balanced.For([10, 30, 0, 60], "Label")!);
        Assert.Null(ClassWeights.Equal.For([10, 30], "Label"));
        Assert.Equal([2, 0.5f], ClassWeights.Of(2, 0.5f).For([10, 30], "Label")!);
    }

    [Fact]
    public void LstmClassifier_LabelSmoothingOutOfRange_IsNamed() => Assert.StartsWith(
        "LabelSmoothing is 1; expected 0 or more and less than 1",
        Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options { LabelSmoothing = 1 })).Message,
        StringComparison.Ordinal);

    private LstmClassifier Classifier() => _ml.MulticlassClassification.Trainers.LstmClassifier(numberOfEpochs: 2, hiddenSize: 4);

    private sealed class Written
    {
        public string Label { get; set; } = "";

        public string Text { get; set; } = "";
    }

    private sealed class Vast
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        [KeyType(1ul << 33)]
        public ulong Label { get; set; } = 1;

        [KeyType(1 << 26)]
        public uint[] Tokens { get; set; } = [1];

        public float Number { get; set; }
    }
}
