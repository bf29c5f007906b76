using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Columns;

public class TokenInputTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Fit_NumbersAndTokensSideBySide_EveryTrainerReadsBoth()
    {
        IDataView data = Load(Rows(40)), keyed = _ml.Transforms.Conversion.MapValueToKey("Class").Fit(data).Transform(data);

        CheckEstimator.Run(_ml, _ml.Regression.Trainers.LstmRegressor(Quick<LstmRegressor.Options>("Sum")), data, ["Sum", "Values", "Signs"], ["Values", "Signs"]);
        CheckEstimator.Run(_ml, _ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick<LstmBinaryClassifier.Options>("IsPositive")), data, ["IsPositive", "Values", "Signs"], ["Values", "Signs"]);
        CheckEstimator.Run(_ml, _ml.MulticlassClassification.Trainers.LstmClassifier(Quick<LstmClassifier.Options>("Class")), keyed, ["Class", "Values", "Signs"], ["Values", "Signs"]);
    }

    [Fact]
    public void Fit_LabelThatOnlyBothColumnsTell_IsLearned()
    {
        LstmBinaryClassifier.Options options = Quick<LstmBinaryClassifier.Options>("IsPositive");
        (options.NumberOfEpochs, options.LearningRate, options.HiddenSizes) = (40, 0.02f, [12]);

        var model = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(options).Fit(Load(Rows(300)));

        Assert.InRange(_ml.BinaryClassification.Evaluate(model.Transform(Load(Rows(150, seed: 2))), "IsPositive").Accuracy, 0.85, 1);
        Assert.Equal(("Values", "Signs"), (model.FeatureColumnName, model.TokenColumnName));
    }

    [Fact]
    public void Fit_MissingKey_IsATokenOfItsOwn()
    {
        Signed[] rows = Rows(40);
        foreach (Signed row in rows)
            row.Signs[0] = 0;
        var model = _ml.Regression.Trainers.LstmRegressor(Quick<LstmRegressor.Options>("Sum")).Fit(Load(rows));
        float[] before = [.. model.Transform(Load(rows)).GetColumn<float>("Score")];
        foreach (Signed row in rows)
            row.Signs[0] = 1;

        Assert.All(before, score => Assert.True(float.IsFinite(score)));
        Assert.All(before.Zip(model.Transform(Load(rows)).GetColumn<float>("Score")), scores => Assert.NotEqual(scores.First, scores.Second));
    }

    [Fact]
    public void Fit_ColumnsOfDifferentLengths_NamesTheRow()
    {
        Signed[] rows = Rows(20);
        rows[7].Signs = [1, 2];
        var trainer = _ml.Regression.Trainers.LstmRegressor(Quick<LstmRegressor.Options>("Sum"));
        string expected = $"Column 'Signs' has 2 values in row 7; expected {rows[7].Values.Length}, one for each step of column 'Values'.";

        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => trainer.Fit(Load(rows))).Message);
        var model = trainer.Fit(Load(Rows(20)));
        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => model.Transform(Load(rows)).GetColumn<float>("Score").ToArray()).Message);
    }

    [Theory]
    [InlineData("Values", "Sum", "token column 'Sum': expected a vector of keys, got Single")]
    [InlineData("Values", "Nothing", "Could not find token column 'Nothing'")]
    [InlineData("Signs", "Signs", "feature column 'Signs': expected numbers beside the tokens of column 'Signs', got Vector<Key<UInt32, 0-1>>")]
    [InlineData("Three", "Two", "token column 'Two': expected 3 keys, one for each step of column 'Three', got Vector<Key<UInt32, 0-1>, 2>")]
    public void Fit_ColumnsThatDoNotFitTogether_AreNamed(string features, string tokens, string expected)
    {
        LstmRegressor.Options options = Quick<LstmRegressor.Options>("Sum");
        (options.FeatureColumnName, options.TokenColumnName) = (features, tokens);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(Rows(5))));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_OtherVocabularyThanTrainedOn_IsRefused()
    {
        var model = _ml.Regression.Trainers.LstmRegressor(Quick<LstmRegressor.Options>("Sum")).Fit(Load(Rows(10)));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(_ml.Data.LoadFromEnumerable([new Other()])));

        Assert.Contains("token column 'Signs': expected a vector of keys of 2 values, got Vector<Key<UInt32, 0-2>>", error.Message, StringComparison.Ordinal);
    }

    private static T Quick<T>(string label)
        where T : RecurrentTrainerOptions, new() => new()
        {
            LabelColumnName = label,
            FeatureColumnName = "Values",
            TokenColumnName = "Signs",
            EmbeddingSize = 3,
            HiddenSizes = [6],
            NumberOfEpochs = 2,
            NumberOfThreads = 1,
            Seed = 1,
        };

    /// <summary>The sum of the values, each counted as plus or minus as its token says.</summary>
    private static Signed[] Rows(int rows, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            int steps = random.Next(3, 7);
            float[] values = [.. Enumerable.Range(0, steps).Select(_ => random.NextSingle())];
            uint[] signs = [.. Enumerable.Range(0, steps).Select(_ => (uint)random.Next(1, 3))];
            float sum = values.Zip(signs, (value, sign) => sign == 1 ? value : -value).Sum();
            return new Signed { Values = values, Signs = signs, Sum = sum, IsPositive = sum > 0, Class = sum > 0 ? "plus" : "minus" };
        })];
    }

    private IDataView Load(Signed[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Signed
    {
        public float[] Values { get; set; } = [];

        [KeyType(2)]
        public uint[] Signs { get; set; } = [];

        [VectorType(3)]
        public float[] Three { get; set; } = new float[3];

        [VectorType(2), KeyType(2)]
        public uint[] Two { get; set; } = [1, 2];

        public float Sum { get; set; }

        public bool IsPositive { get; set; }

        public string Class { get; set; } = "";
    }

    private sealed class Other
    {
        public float[] Values { get; set; } = [1];

        [KeyType(3)]
        public uint[] Signs { get; set; } = [3];
    }
}
