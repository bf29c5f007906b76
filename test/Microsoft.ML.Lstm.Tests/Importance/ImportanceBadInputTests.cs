using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Classification;

namespace Microsoft.ML.Lstm.Tests.Importance;

/// <summary>What the importance of features refuses, and in which words.</summary>
public sealed class ImportanceBadInputTests(ImportanceBadInputTests.Trained trained) : IClassFixture<ImportanceBadInputTests.Trained>
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void PermutationFeatureImportance_NoSuchColumn_NamesItAndThoseThereAre()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Series.Examples(5));

        var label = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, rows, labelColumnName: "Sale"));
        var features = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor,
            _ml.Transforms.SelectColumns("Label").Fit(rows).Transform(rows)));

        Assert.Contains("Could not find label column 'Sale'; the data has 'Features', 'Label'", label.Message, StringComparison.Ordinal);
        Assert.Contains("Could not find feature column 'Features'; the data has 'Label'", features.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "The evaluation data has 0 rows in the columns 'Features' and 'Label'; expected at least 1 sequence.")]
    [InlineData(1, "The evaluation data has 1 row in the columns 'Features' and 'Label'; expected at least 2, to exchange values among.")]
    public void PermutationFeatureImportance_TooFewRows_SaysHowMany(int rows, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Examples(rows));

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.PermutationFeatureImportance(trained.Regressor, data));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void PermutationFeatureImportance_LabelThatIsNotTheNetworks_SaysWhatWasExpected()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Series.Examples(5)), words = _ml.Data.LoadFromEnumerable(Sorted.Many(5));
        IDataView otherClasses = _ml.Transforms.Conversion.MapValueToKey("Label", "Number").Fit(words).Transform(words);

        Assert.Contains(
            "Schema mismatch for label column 'Labels': expected 1 value, as many as the network predicts, got Vector<Single, 3>",
            Message(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, rows, labelColumnName: "Labels")), StringComparison.Ordinal);
        Assert.Contains("Schema mismatch for label column 'Label': expected Single or Vector<Single, number of outputs>, got String",
            Message(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, words)), StringComparison.Ordinal);
        Assert.Contains("Schema mismatch for label column 'Label': expected a key", Message(() =>
            _ml.MulticlassClassification.PermutationFeatureImportance(trained.Classifier, words)), StringComparison.Ordinal);
        Assert.Contains("expected the 3 classes of the model, in the same order", Message(() =>
            _ml.MulticlassClassification.PermutationFeatureImportance(trained.Classifier, otherClasses)), StringComparison.Ordinal);
    }

    [Fact]
    public void PermutationFeatureImportance_ModelOfAnotherTask_SaysWhatItHolds()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Sorted.Many(5));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.BinaryClassification.PermutationFeatureImportance(trained.Regressor, rows, new PermutationImportanceOptions()));

        Assert.Contains("model is LstmRegressionTransformer; expected a LstmBinaryClassificationTransformer, alone or in a chain.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PermutationFeatureImportance_ValuesThatNothingCanBeMeasuredFrom_AreNamedOrLeftOut()
    {
        Example[] infinite = Series.Examples(5), unlabelled = Series.Examples(5);
        infinite[3].Features[2] = float.NaN;
        unlabelled[0].Label = float.NaN;
        var warnings = new ChannelWarnings(_ml);

        var error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, _ml.Data.LoadFromEnumerable(infinite)));
        var importance = _ml.Regression.PermutationFeatureImportance(trained.Regressor, _ml.Data.LoadFromEnumerable(unlabelled));

        Assert.Contains("Column 'Features' has NaN in row 3, position 2", error.Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(importance[0].Change.MeanAbsoluteError.Mean));
        Assert.Contains(warnings.Messages, message =>
            message.Contains("Column 'Label' has no label in 1 of 5 rows of the evaluation data", StringComparison.Ordinal));
    }

    [Fact]
    public void PermutationFeatureImportance_RowsBeyondThoseToUse_AreNotRead()
    {
        Example[] rows = Series.Examples(10);
        rows[4].Features[0] = float.NaN;

        var importance =
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, _ml.Data.LoadFromEnumerable(rows), numberOfExamplesToUse: 4);

        Assert.Equal(2, importance.Count);
    }

    [Theory]
    [InlineData(1, 1, null, "Label", "NumberOfBlocks is 0", 0)]
    [InlineData(0, 1, null, "Label", "PermutationCount is 0; expected 1 or more.", 1)]
    [InlineData(1, 1, 1, "Label", "NumberOfExamplesToUse is 1; expected 2 or more, or null.", 1)]
    [InlineData(1, 1, null, "", "LabelColumnName is empty; expected the name of a column.", 1)]
    public void PermutationFeatureImportance_OptionOutOfItsRange_IsNamed(int permutations, int seed, int? examples, string label,
        string expected, int blocks)
    {
        var options = new PermutationImportanceOptions
        {
            PermutationCount = permutations, Seed = seed, NumberOfExamplesToUse = examples,
            LabelColumnName = label, NumberOfBlocks = blocks,
        };

        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Regression.PermutationFeatureImportance(trained.Regressor, _ml.Data.LoadFromEnumerable(Series.Examples(5)), options));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PermutationFeatureImportance_Cancelled_Ends() =>
        Assert.Throws<OperationCanceledException>(() => _ml.Regression.PermutationFeatureImportance(
        trained.Regressor, _ml.Data.LoadFromEnumerable(Series.Examples(5)),
            new PermutationImportanceOptions { CancellationToken = new CancellationToken(true) }));

    private static string Message(Action call) => Assert.Throws<ArgumentOutOfRangeException>(call).Message;

    /// <summary>Networks that have hardly been trained.</summary>
    public sealed class Trained
    {
        public LstmRegressionTransformer Regressor { get; }

        public LstmClassificationTransformer Classifier { get; }

        public Trained()
        {
            var ml = new MLContext(1);
            IDataView words = ml.Data.LoadFromEnumerable(Sorted.Many(30));
            Regressor =
                ml.Regression.Trainers.LstmRegressor(hiddenSize: 4, numberOfEpochs: 1).Fit(ml.Data.LoadFromEnumerable(Series.Examples(30)));
            Classifier = ml.MulticlassClassification.Trainers.LstmClassifier(hiddenSize: 4, numberOfEpochs: 1)
                .Fit(ml.Transforms.Conversion.MapValueToKey("Label").Fit(words).Transform(words));
        }
    }
}
