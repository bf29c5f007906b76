using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Regression;

/// <summary>A number to learn for each step: the running mean of the steps so far.</summary>
public class EveryStepLabelTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmRegressor_LabelEveryStep_KeepsToWhatEveryEstimatorKeepsTo() =>
        CheckEstimator.Run(_ml, _ml.Regression.Trainers.LstmRegressor(Options(epochs: 1)), Load(Rows(30, seed: 1)), ["Label", "Features"], ["Features"]);

    [Fact]
    public void Fit_LabelEveryStep_EachStepIsLearnedAtEveryLength()
    {
        var model = _ml.Regression.Trainers.LstmRegressor(Options(epochs: 60)).Fit(Load(Rows(400, seed: 1)));

        double squared = 0, count = 0;
        foreach (Scored row in _ml.Data.CreateEnumerable<Scored>(model.Transform(Load(Rows(50, seed: 2))), reuseRowObject: false))
        {
            Assert.Equal(row.Features.Length, row.Score.Length);
            for (int t = 0; t < row.Score.Length; t++, count++)
                squared += Math.Pow(row.Score[t] - row.Label[t], 2);
        }
        Assert.InRange(Math.Sqrt(squared / count), 0, 1);
    }

    [Fact]
    public void Fit_OtherNumberOfLabelsThanSteps_NamesTheRow()
    {
        Row[] rows = Rows(10, seed: 1);
        rows[7].Label = [1, 2];

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.LstmRegressor(Options(1)).Fit(Load(rows)));

        Assert.Contains($"'Label' has 2 labels in row 7; expected {rows[7].Features.Length}", error.Message);
    }

    [Fact]
    public void Fit_ScalarLabel_IsRefusedByItsType()
    {
        var scalar = _ml.Data.LoadFromEnumerable(Series.Examples(5));

        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(Options(1)).Fit(scalar));

        Assert.Contains("a number for each step", error.Message);
    }

    [Fact]
    public void Fit_DifferencesAndLabelEveryStep_ContradictEachOther()
    {
        LstmRegressor.Options options = Options(1);
        options.PredictDifference = true;

        Assert.Contains("PredictDifference", Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(options)).Message);
    }

    private static LstmRegressor.Options Options(int epochs) => new()
    {
        LabelEveryStep = true,
        HiddenSizes = [12],
        LearningRate = 0.01f,
        NumberOfEpochs = epochs,
        Seed = 1,
    };

    private static Row[] Rows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] steps = [.. Enumerable.Range(0, random.Next(2, 8)).Select(_ => (float)(10 * random.NextDouble()))];
            return new Row { Features = steps, Label = [.. steps.Select((_, t) => steps.Take(t + 1).Average())] };
        })];
    }

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private class Row
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }

    private sealed class Scored : Row
    {
        public float[] Score { get; set; } = [];
    }
}
