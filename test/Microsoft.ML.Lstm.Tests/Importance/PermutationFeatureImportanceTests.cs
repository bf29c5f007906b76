using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Classification;

namespace Microsoft.ML.Lstm.Tests.Importance;

/// <summary>
/// Which feature of a sequence a network's predictions rest on. In all data here the first value of a step decides, and the second is
/// noise.
/// </summary>
public sealed class PermutationFeatureImportanceTests(PermutationFeatureImportanceTests.Trained trained)
    : IClassFixture<PermutationFeatureImportanceTests.Trained>
{
    private static readonly Example[] s_test = Series.Examples(150, seed: 2);

    [Fact]
    public void PermutationFeatureImportance_Regression_FeatureThatDecidesIsFirstAndNoiseIsNothing()
    {
        var importance = trained.ML.Regression.PermutationFeatureImportance(trained.Regressor, Load(s_test), permutationCount: 4);

        Assert.Equal(["Features[0]", "Features[1]"], importance.Select(one => one.Feature));
        Assert.All(importance, one => Assert.Equal((-5, 0, 4), (one.FirstStep, one.LastStep, one.Change.RootMeanSquaredError.Count)));
        MetricStatistics first = importance[0].Change.RootMeanSquaredError, noise = importance[1].Change.RootMeanSquaredError;
        Assert.True(first.Mean > 5 && Math.Abs(noise.Mean) < first.Mean / 10, $"{first.Mean}, {noise.Mean}");
        Assert.True(first.StandardError > 0 && first.StandardError < first.Mean / 4, $"{first.StandardError}");
        Assert.True(importance[0].Change.RSquared.Mean < -0.5, $"{importance[0].Change.RSquared.Mean}");
    }

    [Fact]
    public void PermutationFeatureImportance_Regression_IsTheDifferenceOfWhatMLNetEvaluates()
    {
        var options = new PermutationImportanceOptions { Seed = 7 };
        int[] donors = [.. Enumerable.Range(0, s_test.Length)];
        new Random(7).Shuffle(donors);
        Example[] exchanged = [.. s_test.Select((row, i) => new Example
        {
            Label = row.Label,
                Features = [.. row.Features.Select((value, slot) => slot % 2 == 0 ? s_test[donors[i]].Features[slot] : value)],
        })];
        RegressionMetrics before = Evaluate(s_test), after = Evaluate(exchanged);

        RegressionMetricsStatistics change =
            trained.ML.Regression.PermutationFeatureImportance(trained.Regressor, Load(s_test), options)[0].Change;

        Assert.Equal(after.MeanAbsoluteError - before.MeanAbsoluteError, change.MeanAbsoluteError.Mean, 1e-5);
        Assert.Equal(after.MeanSquaredError - before.MeanSquaredError, change.MeanSquaredError.Mean, 1e-3);
        Assert.Equal(after.RootMeanSquaredError - before.RootMeanSquaredError, change.RootMeanSquaredError.Mean, 1e-5);
        Assert.Equal(after.LossFunction - before.LossFunction, change.LossFunction.Mean, 1e-3);
        Assert.Equal(after.RSquared - before.RSquared, change.RSquared.Mean, 1e-5);

        RegressionMetrics Evaluate(Example[] rows) => trained.ML.Regression.Evaluate(trained.Regressor.Transform(Load(rows)));
    }

    [Fact]
    public void PermutationFeatureImportance_SameSeed_SameBits()
    {
        double[] given = Means(new MLContext(), 3), again = Means(new MLContext(), 3), other = Means(new MLContext(), 4);
        double[] ofContext = Means(new MLContext(seed: 5), null), ofSameContext = Means(new MLContext(seed: 5), null);

        Assert.Equal(given, again);
        Assert.NotEqual(given, other);
        Assert.Equal(ofContext, ofSameContext);

        double[] Means(MLContext ml, int? seed) =>
            [.. ml.Regression.PermutationFeatureImportance(trained.Regressor, ml.Data.LoadFromEnumerable(s_test),
                new PermutationImportanceOptions { Seed = seed, PermutationCount = 2 })
                .Select(one => one.Change.MeanSquaredError.Mean)];
    }

    [Fact]
    public void PermutationFeatureImportance_BlocksOfSteps_FindWhereItLies()
    {
        // The second of the labels is 5 times the second value of the last step.
        IDataView rows = Load(s_test);
        var options = new PermutationImportanceOptions { LabelColumnName = "Labels", NumberOfBlocks = 3, PermutationCount = 2, Seed = 1 };
        var model = trained.ML.Regression.Trainers.LstmRegressor(
            new LstmRegressor.Options { LabelColumnName = "Labels", NumberOfEpochs = 25, LearningRate = 0.02f, HiddenSizes = [12],
                Seed = 1 }).Fit(Load(Series.Examples(300)));

        var importance = trained.ML.Regression.PermutationFeatureImportance(model, rows, options);

        Assert.Equal(6, importance.Count);
        Assert.Equal(new[] { (-5, -4), (-3, -2), (-1, 0) },
            importance.Where(one => one.Feature == "Features[1]").Select(one => (one.FirstStep, one.LastStep)).Order());
        var second = importance.Where(one => one.Feature == "Features[1]")
            .ToDictionary(one => one.FirstStep, one => one.Change.MeanSquaredError.Mean);
        Assert.True(second[-1] > 5 * Math.Max(second[-3], second[-5]), string.Join(", ", second));
    }

    [Fact]
    public void PermutationFeatureImportance_Chain_NamesTheSeriesAndTakesRowsBeforeOrAfterIt()
    {
        Point[] points = Series.Wave(220);
        var random = new Random(1);
        foreach (Point point in points)
            point.Other = random.NextSingle();
        IDataView data = trained.ML.Data.LoadFromEnumerable(points);
        var chain = trained.ML.Transforms.WindowSequence("Window", ["Value", "Other"], windowLength: 8, horizon: 1, labelColumnName: "Next")
            .Append(trained.ML.Regression.Trainers.LstmRegressor(
                new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 15,
                    LearningRate = 0.02f, HiddenSizes = [8], Seed = 1 }))
            .Fit(data);
        var options = new PermutationImportanceOptions { LabelColumnName = "Next", Seed = 1 };

        var before = trained.ML.Regression.PermutationFeatureImportance(chain, data, options);
        var after = trained.ML.Regression.PermutationFeatureImportance(chain, chain.Transform(data), options);
        var network = trained.ML.Regression.PermutationFeatureImportance(chain.LastTransformer, chain.Transform(data), options);

        Assert.Equal(["Value", "Other"], before.Select(one => one.Feature));
        Assert.Equal((-7, 0), (before[0].FirstStep, before[0].LastStep));
        Assert.Equal(Bits(before), Bits(after));
        Assert.Equal(Bits(before), Bits(network));
        Assert.Equal("Value", trained.ML.Regression.PermutationFeatureImportance(chain, data, labelColumnName: "Next")[0].Feature);

        static IEnumerable<double> Bits(IReadOnlyList<SequenceImportance<RegressionMetricsStatistics>> all) =>
            all.Select(one => one.Change.MeanAbsoluteError.Mean);
    }

    [Fact]
    public void PermutationFeatureImportance_LoadedModel_IsThatOfTheSavedOne()
    {
        var options = new PermutationImportanceOptions { Seed = 1 };
        using var stream = new MemoryStream();
        trained.ML.Model.Save(trained.Regressor, Load(s_test).Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        var importance = trained.ML.Regression.PermutationFeatureImportance(loaded, Load(s_test), options);

        Assert.Equal(
            trained.ML.Regression.PermutationFeatureImportance(trained.Regressor, Load(s_test), options).Select(one =>
                one.Change.RootMeanSquaredError.Mean),
            importance.Select(one => one.Change.RootMeanSquaredError.Mean));
    }

    // What the documentation says of it, and sends on from.
    [Fact]
    public void PermutationFeatureImportance_ModelTypedAsAnyTransformer_IsMLNetsOwnWhichKnowsNoSequences()
    {
        ITransformer model = trained.Regressor;

        var error = Assert.Throws<ArgumentNullException>(() => trained.ML.Regression.PermutationFeatureImportance(model, Load(s_test)));

        Assert.Contains("does not have a compatible predictor", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PermutationFeatureImportance_QuantilesAndSeveralLabels_AreMeasuredAtTheMedian()
    {
        var model = trained.ML.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = "Labels", Loss = new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.9f] },
                NumberOfEpochs = 2, HiddenSizes = [4], Seed = 1,
        }).Fit(Load(Series.Examples(60)));
        Example[] one = s_test[..40];
        float[][] scores = [.. model.Transform(Load(one)).GetColumn<float[]>("Score")];
        double before = Error(scores);
        int[] donors = [.. Enumerable.Range(0, one.Length)];
        new Random(1).Shuffle(donors);
        Example[] exchanged = [.. one.Select((row, i) => new Example
        {
            Features = [.. row.Features.Select((value, slot) => slot % 2 == 0 ? one[donors[i]].Features[slot] : value)],
        })];

        var importance = trained.ML.Regression.PermutationFeatureImportance(model, Load(one),
            new PermutationImportanceOptions { LabelColumnName = "Labels", Seed = 1 });

        double after = Error([.. model.Transform(Load(exchanged)).GetColumn<float[]>("Score")]);
        Assert.Equal(after - before, importance.Single(found => found.Feature == "Features[0]").Change.MeanAbsoluteError.Mean, 1e-6);

        double Error(float[][] scored) =>
            scored.SelectMany((row, i) => one[i].Labels.Select((label, k) => Math.Abs((double)row[(3 * k) + 1] - label))).Average();
    }

    [Fact]
    public void PermutationFeatureImportance_BinaryClassification_FeatureThatDecidesIsFirst()
    {
        IDataView rows = trained.ML.Data.LoadFromEnumerable(Sorted.Many(150, seed: 2));
        var model =
            trained.ML.BinaryClassification.Trainers.LstmBinaryClassifier("IsHigh", hiddenSize: 8, numberOfEpochs: 20, learningRate: 0.02f)
            .Fit(trained.ML.Data.LoadFromEnumerable(Sorted.Many(200)));

        var importance =
            trained.ML.BinaryClassification.PermutationFeatureImportance(model, rows, labelColumnName: "IsHigh", permutationCount: 3);

        Assert.Equal("Features[0]", importance[0].Feature);
        Assert.True(importance[0].Change.AreaUnderRocCurve.Mean < -0.2 && importance[0].Change.Accuracy.Mean < -0.2,
            $"{importance[0].Change.AreaUnderRocCurve.Mean}");
        Assert.True(Math.Abs(importance[1].Change.AreaUnderRocCurve.Mean) < 0.05, $"{importance[1].Change.AreaUnderRocCurve.Mean}");
    }

    [Fact]
    public void PermutationFeatureImportance_ChainThatGoesOnAfterTheClassifier_IsTakenWithOptions()
    {
        IDataView rows = trained.ML.Data.LoadFromEnumerable(Sorted.Many(150, seed: 2));
        var keyed = trained.ML.Transforms.Conversion.MapValueToKey("Label")
            .Append(trained.ML.MulticlassClassification.Trainers.LstmClassifier(hiddenSize: 8, numberOfEpochs: 20, learningRate: 0.02f));
        var words = keyed.Append(trained.ML.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(trained.ML.Data.LoadFromEnumerable(Sorted.Many(200)));

        var importance = trained.ML.MulticlassClassification.PermutationFeatureImportance(words, rows,
            new PermutationImportanceOptions { PermutationCount = 2 });

        Assert.Equal("Features[0]", importance[0].Feature);
        MulticlassClassificationMetricsStatistics first = importance[0].Change, noise = importance[1].Change;
        Assert.True(first.LogLoss.Mean > 0.3 && first.MicroAccuracy.Mean < -0.2 && Math.Abs(noise.MicroAccuracy.Mean) < 0.05,
            $"{first.LogLoss.Mean}, {noise.MicroAccuracy.Mean}");
        Assert.Equal(3, first.PerClassLogLoss.Count);
    }

    [Fact]
    public void PermutationFeatureImportance_TokensOfRaggedRows_AreAFeature()
    {
        var random = new Random(1);
        Marked[] rows = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            uint[] tokens = [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => (uint)random.Next(1, 4))];
            return new Marked { Tokens = tokens, Values = [.. tokens.Select(_ => random.NextSingle())], Label = tokens[^1] == 2 };
        })];
        IDataView data = trained.ML.Data.LoadFromEnumerable(rows);
        var model = trained.ML.BinaryClassification.Trainers.LstmBinaryClassifier(new LstmBinaryClassifier.Options
        {
            FeatureColumnName = "Values", TokenColumnName = "Tokens", NumberOfEpochs = 15, LearningRate = 0.03f, HiddenSizes = [8],
                EmbeddingSize = 4, Seed = 1,
        }).Fit(data);

        var importance = trained.ML.BinaryClassification.PermutationFeatureImportance(model, data, permutationCount: 2);

        Assert.Equal(["Tokens", "Values"], importance.Select(one => one.Feature));
        Assert.True(importance[0].Change.AreaUnderRocCurve.Mean < -0.2, $"{importance[0].Change.AreaUnderRocCurve.Mean}");
    }

    private IDataView Load(Example[] rows) => trained.ML.Data.LoadFromEnumerable(rows);

    private sealed class Marked
    {
        public float[] Values { get; set; } = [];

        [KeyType(3)]
        public uint[] Tokens { get; set; } = [];

        public bool Label { get; set; }
    }

    /// <summary>A network that has learned the sum of the first values.</summary>
    public sealed class Trained
    {
        public MLContext ML { get; } = new(seed: 1);

        public LstmRegressionTransformer Regressor { get; }

        public Trained() =>
            Regressor =
            ML.Regression.Trainers.LstmRegressor(
            new LstmRegressor.Options { NumberOfEpochs = 25, LearningRate = 0.02f, HiddenSizes = [12], Seed = 1 })
            .Fit(ML.Data.LoadFromEnumerable(Series.Examples(300)));
    }
}
