using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class EvaluatorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void RegressionMetricsSkipRowsWithoutLabelOrScore()
    {
        RegressionMetrics metrics = _ml.Regression.Evaluate(Regression((1, 1.5f), (2, 2), (3, 2), (4, float.NaN), (float.NaN, 4), (6, 7)));
        Assert.Equal(0.625, metrics.MeanAbsoluteError, 12);
        Assert.Equal(0.5625, metrics.MeanSquaredError, 12);
        Assert.Equal(0.75, metrics.RootMeanSquaredError, 12);
        Assert.Equal(0.5625, metrics.LossFunction, 12);
        Assert.Equal(0.8392857142857143, metrics.RSquared, 12);
    }

    [Fact]
    public void RegressionOfConstantLabelsHasNoRSquaredAndNoRowsGiveZero()
    {
        Assert.Equal(double.NaN, _ml.Regression.Evaluate(Regression((2, 1), (2, 3))).RSquared);
        Assert.Equal(0, _ml.Regression.Evaluate(Regression((float.NaN, 1))).RootMeanSquaredError);
    }

    [Fact]
    public void RegressionWantsSingleColumns()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Doubles>([new Doubles()]);
        var label = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, scoreColumnName: "Single"));
        Assert.Contains("expected Single, got Double", label.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, labelColumnName: "Single"));
        Assert.Contains("None", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Evaluate(data, "None")).Message);
    }

    [Fact]
    public void CalibratedBinaryMetrics()
    {
        CalibratedBinaryClassificationMetrics metrics = _ml.BinaryClassification.Evaluate(Binary);
        Assert.Equal(0.6666666666666666, metrics.Accuracy, 12);
        Assert.Equal(0.75, metrics.PositivePrecision, 12);
        Assert.Equal(0.75, metrics.PositiveRecall, 12);
        Assert.Equal(0.5, metrics.NegativePrecision, 12);
        Assert.Equal(0.5, metrics.NegativeRecall, 12);
        Assert.Equal(0.75, metrics.F1Score, 12);
        Assert.Equal(0.8125, metrics.AreaUnderRocCurve, 12);
        Assert.Equal(0.94375, metrics.AreaUnderPrecisionRecallCurve, 12);
        Assert.Equal(0.9182958340544896, metrics.Entropy, 12);
        Assert.Equal(0.76032855293, metrics.LogLoss, 9);
        Assert.Equal(0.17202221252, metrics.LogLossReduction, 9);
        Assert.Equal([[3.0, 1.0], [1.0, 1.0]], metrics.ConfusionMatrix.Counts);
    }

    [Fact]
    public void NonCalibratedBinaryMetricsNeedNoProbability()
    {
        BinaryClassificationMetrics metrics = _ml.BinaryClassification.EvaluateNonCalibrated(Binary);
        Assert.Equal(0.8125, metrics.AreaUnderRocCurve, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Evaluate(Binary, probabilityColumnName: "None"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.EvaluateNonCalibrated(Binary, labelColumnName: "Text"));
    }

    [Fact]
    public void OneClassAloneHasNoRocCurve()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<BinaryRow>([new BinaryRow { Label = true, Score = 1 }]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.EvaluateNonCalibrated(data));
        Assert.Contains("AUC is not defined", error.Message);
    }

    [Fact]
    public void BinaryConfusionTableIsFormatted()
    {
        Assert.Equal(
            """
            TEST POSITIVE RATIO:	0.6667 (4.0/(4.0+2.0))
            Confusion table
                      ||======================
            PREDICTED || positive | negative | Recall
            TRUTH     ||======================
             positive ||        3 |        1 | 0.7500
             negative ||        1 |        1 | 0.5000
                      ||======================
            Precision ||   0.7500 |   0.5000 |

            """.ReplaceLineEndings("\n"),
            _ml.BinaryClassification.Evaluate(Binary).ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void MulticlassMetrics()
    {
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(Multiclass, topKPredictionCount: 2);
        Assert.Equal(0.6, metrics.MicroAccuracy, 12);
        Assert.Equal(0.5555555555555555, metrics.MacroAccuracy, 12);
        Assert.Equal(0.996410, metrics.LogLoss, 5);
        Assert.Equal(-0.048554, metrics.LogLossReduction, 5);
        Assert.Equal(0.8, metrics.TopKAccuracy, 12);
        Assert.Equal([0.6, 0.8], metrics.TopKAccuracyForAllK.Select(a => Math.Round(a, 12)));
        Assert.Equal(2, metrics.TopKPredictionCount);
        Assert.Equal([0.356675, 0.468832, 3.218876], metrics.PerClassLogLoss.Select(l => Math.Round(l, 6)));
        Assert.Equal([[1.0, 0.0, 0.0], [1.0, 2.0, 0.0], [0.0, 1.0, 0.0]], metrics.ConfusionMatrix.Counts);
        Assert.Equal([1.0, 2.0 / 3, 0.0], metrics.ConfusionMatrix.PerClassRecall);
        Assert.Equal([0.5, 2.0 / 3, 0.0], metrics.ConfusionMatrix.PerClassPrecision);
        Assert.Equal(1, metrics.ConfusionMatrix.GetCountForClassPair(predictedClassIndicatorIndex: 1, actualClassIndicatorIndex: 2));
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void MulticlassConfusionTableIsFormatted()
    {
        Assert.Equal(
            """

            Confusion table
                      ||========================
            PREDICTED ||     0 |     1 |     2 | Recall
            TRUTH     ||========================
                    0 ||     1 |     0 |     0 | 1.0000
                    1 ||     1 |     2 |     0 | 0.6667
                    2 ||     0 |     1 |     0 | 0.0000
                      ||========================
            Precision ||0.5000 |0.6667 |0.0000 |

            """.ReplaceLineEndings("\n"),
            _ml.MulticlassClassification.Evaluate(Multiclass).ConfusionMatrix.GetFormattedConfusionTable().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void MulticlassWantsAVectorOfScoresAndKeysOrNumbers()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Multiclass, scoreColumnName: "Other"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Multiclass, labelColumnName: "Text"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.MulticlassClassification.Evaluate(Multiclass, predictedLabelColumnName: "None"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.MulticlassClassification.Evaluate(Multiclass, topKPredictionCount: -1));
    }

    [Fact]
    public void CrossValidationScoresEveryRowOnce()
    {
        IDataView data = Regression([.. Enumerable.Range(0, 40).Select(i => ((float)i, i + 0.5f))]);
        var results = _ml.Regression.CrossValidate(data, _ml.Transforms.CopyColumns("Copy", "Score"), numberOfFolds: 4);
        Assert.Equal([0, 1, 2, 3], results.Select(r => r.Fold));
        Assert.All(results, r => Assert.Equal(0.5, r.Metrics.MeanAbsoluteError, 6));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => (float)i),
            results.SelectMany(r => r.ScoredHoldOutSet.GetColumn<float>("Label")).Order());
        Assert.All(results, r => Assert.Contains(r.ScoredHoldOutSet.Schema, c => c.Name == "Copy"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Regression.CrossValidate(data, _ml.Transforms.CopyColumns("Copy", "Score"), numberOfFolds: 1));
    }

    [Fact]
    public void CrossValidationOfAChainTakesItsTrainingStepsToo()
    {
        var chain = _ml.Transforms.CopyColumns("A", "Score").Append(_ml.Transforms.CopyColumns("B", "A"), TransformerScope.TrainTest);
        var results = _ml.Regression.CrossValidate(Regression([.. Enumerable.Range(0, 20).Select(i => ((float)i, (float)i))]), chain, 2);
        Assert.All(results, r => Assert.Contains(r.ScoredHoldOutSet.Schema, c => c.Name == "B"));
    }

    private IDataView Binary => _ml.Data.LoadFromEnumerable<BinaryRow>(
    [
        new BinaryRow { Label = true, Score = 2, Probability = 0.9f },
        new BinaryRow { Label = true, Score = 1, Probability = 0.7f },
        new BinaryRow { Label = true, Score = 0.5f, Probability = 0.6f },
        new BinaryRow { Label = false, Score = 0.5f, Probability = 0.6f },
        new BinaryRow { Label = true, Score = -0.5f, Probability = 0.4f },
        new BinaryRow { Label = false, Score = -1, Probability = 0.3f },
        new BinaryRow { Label = false, Score = float.NaN, Probability = 0.5f },
    ]);

    private IDataView Multiclass => _ml.Data.LoadFromEnumerable<MulticlassRow>(
    [
        new MulticlassRow { Label = 0, Score = [0.7f, 0.2f, 0.1f] },
        new MulticlassRow { Label = 1, Score = [0.5f, 0.5f, 0f] },
        new MulticlassRow { Label = 1, Score = [0.2f, 0.7f, 0.1f] },
        new MulticlassRow { Label = 1, Score = [0.1f, 0.7f, 0.2f] },
        new MulticlassRow { Label = 2, Score = [0.3f, 0.66f, 0.04f] },
        new MulticlassRow { Label = 3, Score = [0.3f, 0.3f, 0.4f] },
        new MulticlassRow { Label = 0, Score = [float.NaN, 0.5f, 0.5f] },
    ]);

    private IDataView Regression(params (float Label, float Score)[] rows) =>
        _ml.Data.LoadFromEnumerable(rows.Select(r => new RegressionRow { Label = r.Label, Score = r.Score }));

    private sealed class RegressionRow
    {
        public float Label { get; set; }

        public float Score { get; set; }
    }

    private sealed class Doubles
    {
        public double Label { get; set; }

        public double Score { get; set; }

        public float Single { get; set; }
    }

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class MulticlassRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float Other { get; set; }

        public string Text { get; set; } = "";
    }
}
