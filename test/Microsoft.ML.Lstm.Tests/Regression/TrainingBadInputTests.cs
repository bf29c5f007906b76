using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Tests.Regression;

public class TrainingBadInputTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, Action<LstmRegressor.Options>> BadOptions => new()
    {
        { "NumberOfEpochs is 0; expected 1 or more", o => o.NumberOfEpochs = 0 },
        { "BatchSize is -4; expected 1 or more", o => o.BatchSize = -4 },
        { "LearningRate is 0; expected more than 0", o => o.LearningRate = 0 },
        { "LearningRate is NaN", o => o.LearningRate = float.NaN },
        { "LearningRate is 0.1; expected null, since Schedule is given, whose learning rate is 0.01", o => (o.LearningRate, o.Schedule) = (0.1f, LearningRateSchedule.Constant(0.01f)) },
        { "HiddenSizes is 0; expected more than 0", o => o.HiddenSizes = [8, 0] },
        { "HiddenSizes is no layer", o => o.HiddenSizes = [] },
        { "StepSize is 0", o => o.StepSize = 0 },
        { "EmbeddingSize is 0", o => o.EmbeddingSize = 0 },
        { "ValidationFraction is 1", o => o.ValidationFraction = 1 },
        { "Patience is 0", o => o.Patience = 0 },
        { "ClipNorm is 0", o => o.ClipNorm = 0 },
        { "ClipValue is -1", o => o.ClipValue = -1 },
        { "GradientNoise is 0; expected more than 0", o => o.GradientNoise = 0 },
        { "GradientNoise is NaN", o => o.GradientNoise = float.NaN },
        { "NumberOfThreads is 0", o => o.NumberOfThreads = 0 },
        { "LayerDropout is 1", o => o.Dropout = new RegularizationSpec { LayerDropout = 1 } },
        { "Dropout is null", o => o.Dropout = null! },
        { "Beta1 is 1", o => o.Optimizer = new OptimizerSpec { Beta1 = 1 } },
        { "CheckpointEverySteps is 0", o => o.CheckpointEverySteps = 0 },
        { "LayerNormalization is True; expected false, since Cell is Gru", o => (o.Cell, o.LayerNormalization) = (CellKind.Gru, true) },
        { "Loss is SoftmaxCrossEntropy; expected a loss of numbers", o => o.Loss = new LossSpec { Kind = LossKind.SoftmaxCrossEntropy } },
        { "Quantiles is 1.5", o => o.Loss = new LossSpec { Kind = LossKind.Quantile, Quantiles = [1.5f] } },
        { "LabelColumnName is empty; expected the name of a column", o => o.LabelColumnName = "" },
        { "FeatureColumnName is null; expected the name of a column", o => o.FeatureColumnName = null! },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void LstmRegressor_OptionOutOfRange_IsNamedAtConstruction(string expected, Action<LstmRegressor.Options> spoil)
    {
        var options = new LstmRegressor.Options();
        spoil(options);

        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(options));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Label", "Features", "Labels", "example weight column 'Labels': expected Single, got Vector<Single>")]
    [InlineData("Nothing", "Features", null, "Could not find label column 'Nothing'; the data has 'Features', 'Label', 'Labels', 'Weight'")]
    [InlineData("Label", "Nothing", null, "Could not find feature column 'Nothing'")]
    [InlineData("Label", "Features", "Nothing", "Could not find example weight column 'Nothing'")]
    [InlineData("Label", "Weight", null, "feature column 'Weight': expected Vector<Single, steps, features>, Vector<Single> or a vector of keys, got Single")]
    public void Fit_ColumnThatDoesNotFit_IsNamedBeforeAnyRowIsRead(string label, string feature, string? weight, string expected)
    {
        var options = new LstmRegressor.Options { LabelColumnName = label, FeatureColumnName = feature, ExampleWeightColumnName = weight };
        // In a chain ML.NET asks for the schema first; the rows, which would throw, are not reached.
        var chain = _ml.Transforms.CopyColumns("Copy", "Label").Append(_ml.Regression.Trainers.LstmRegressor(options));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(_ml.Data.LoadFromEnumerable(Unreadable())));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LabelOfTheWrongKind_IsNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Worded { Label = "seven" }]);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor().Fit(data));

        Assert.Contains("label column 'Label': expected Single or Vector<Single, number of outputs>, got String", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LabelOfAnotherNumberType_SaysHowToConvert()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Doubled()]);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor().Fit(data));

        Assert.Contains("got Double; Conversion.ConvertType(\"Label\") makes it Single", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Fit_FeatureNotFinite_NamesColumnAndRow(float value, string text)
    {
        Example[] rows = Series.Examples(20);
        rows[13].Features[5] = value;

        Assert.Contains($"Column 'Features' has {text} in row 13, position 5; expected a finite number", FitError(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LabelInfinite_NamesColumnAndRow()
    {
        Example[] rows = Series.Examples(20);
        rows[7].Label = float.NegativeInfinity;

        Assert.Contains("Column 'Label' has -Infinity in row 7; expected a finite number", FitError(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NegativeWeight_NamesColumnAndRow()
    {
        Example[] rows = Series.Examples(20);
        rows[3].Weight = -1;

        Assert.Contains("Column 'Weight' has -1 in row 3; expected a weight of 0 or more", FitError(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_EmptyData_IsAnError() =>
        Assert.Contains("0 rows in the columns 'Features' and 'Label'; expected at least 1 sequence", FitError([]), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "0 rows in the columns 'Features' and 'Label' beside 1 with an empty sequence (the first is row 0)")]
    [InlineData(5, "Column 'Features' has 5 values in row 0; expected a multiple of 2, the step size")]
    public void Fit_VectorOfNoWholeSteps_NamesColumnAndRow(int length, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Ragged { Features = new float[length] }]);
        var trainer = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { StepSize = 2 });

        Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_StepSizeThatDoesNotFitTheType_IsNamed()
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { StepSize = 3 });

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(_ml.Data.LoadFromEnumerable(Series.Examples(5))));

        Assert.Contains("'Features': expected a vector of steps of 3, got Vector<Single, 6, 2>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_OtherShapeThanTrainedOn_IsNamed()
    {
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(numberOfEpochs: 1).Fit(_ml.Data.LoadFromEnumerable(Series.Examples(5)));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(_ml.Data.LoadFromEnumerable([new Longer()])));

        Assert.Contains("'Features': expected Vector<Single, 6, 2>, got Vector<Single, 7, 2>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LearningRateTooHigh_EndsInAnErrorThatSaysSo()
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd }, LearningRate = 1e30f, ClipNorm = null, NumberOfEpochs = 5, Seed = 1,
        });

        Assert.Contains("diverged", Assert.Throws<TrainingDivergedException>(() => trainer.Fit(_ml.Data.LoadFromEnumerable(Series.Examples(100)))).Message, StringComparison.Ordinal);
    }

    private string FitError(Example[] rows)
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { ExampleWeightColumnName = "Weight" });
        return Assert.Throws<InvalidOperationException>(() => trainer.Fit(_ml.Data.LoadFromEnumerable(rows))).Message;
    }

    private static IEnumerable<Example> Unreadable()
    {
        yield return new Example();
        throw new InvalidOperationException("A row was read.");
    }

    private sealed class Worded
    {
        [VectorType(4)]
        public float[] Features { get; set; } = new float[4];

        public string Label { get; set; } = "";
    }

    private sealed class Doubled
    {
        [VectorType(4)]
        public float[] Features { get; set; } = new float[4];

        public double Label { get; set; }
    }

    private sealed class Ragged
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Longer
    {
        [VectorType(7, 2)]
        public float[] Features { get; set; } = new float[14];
    }
}
