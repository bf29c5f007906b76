using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Regression;

public class LstmRegressorTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("Label")]
    [InlineData("Labels")]
    public void LstmRegressor_AnyLabel_KeepsToWhatEveryEstimatorKeepsTo(string label)
    {
        var estimator = _ml.Regression.Trainers.LstmRegressor(Quick(label));

        CheckEstimator.Run(_ml, estimator, Load(40), [label, "Features", "Weight"], ["Features"]);
    }

    [Fact]
    public void Fit_ScalarLabel_IsLearnedInItsOwnUnit()
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(numberOfEpochs: 60, learningRate: 0.01f, hiddenSize: 16);

        IDataView scored = trainer.Fit(Load(500)).Transform(_ml.Data.LoadFromEnumerable(Series.Examples(200, seed: 2)));

        Assert.Equal(NumberDataViewType.Single, scored.Schema["Score"].Type);
        RegressionMetrics metrics = _ml.Regression.Evaluate(scored);
        Assert.InRange(metrics.RSquared, 0.95, 1);
    }

    [Fact]
    public void Fit_SeveralLabels_AreLearnedEachInItsOwnUnit()
    {
        var trainer = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Labels", NumberOfEpochs = 60, LearningRate = 0.01f, Seed = 1 });

        IDataView scored = trainer.Fit(Load(500)).Transform(_ml.Data.LoadFromEnumerable(Series.Examples(200, seed: 2)));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), scored.Schema["Score"].Type);
        foreach (Scored row in _ml.Data.CreateEnumerable<Scored>(scored, reuseRowObject: false))
        {
            Assert.InRange(row.Score[1] - row.Labels[1], -2.5, 2.5);
            Assert.InRange(row.Score[2] - row.Labels[2], -2.5, 2.5);
        }
    }

    [Fact]
    public void Fit_SeveralQuantiles_ComeSideBySideWithNames()
    {
        LstmRegressor.Options options = Quick("Labels");
        options.Loss = new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.9f] };

        DataViewSchema.Column score = _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(20)).Transform(Load(20)).Schema["Score"];

        VBuffer<ReadOnlyMemory<char>> names = default;
        score.Annotations.GetValue("SlotNames", ref names);
        Assert.Equal(["Labels0 q0.1", "Labels0 q0.9", "Labels1 q0.1", "Labels1 q0.9", "Labels2 q0.1", "Labels2 q0.9"], names.DenseValues().Select(n => n.ToString()));
        Assert.Equal(6, ((VectorDataViewType)score.Type).Size);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        float[] Scores(int seed, int threads)
        {
            LstmRegressor.Options options = Quick("Label");
            (options.Seed, options.NumberOfThreads) = (seed, threads);
            return [.. _ml.Regression.Trainers.LstmRegressor(options).Fit(Load(40)).Transform(Load(40)).GetColumn<float>("Score")];
        }

        float[] first = Scores(3, 1);

        Assert.Equal(first, Scores(3, 2));
        Assert.NotEqual(first, Scores(4, 1));
    }

    [Fact]
    public void Fit_ContextWithSeed_NeedsNoOther()
    {
        float[] Scores() => [.. new MLContext(5) is var ml ? ml.Regression.Trainers.LstmRegressor(numberOfEpochs: 2).Fit(Load(40)).Transform(Load(40)).GetColumn<float>("Score") : []];

        Assert.Equal(Scores(), Scores());
    }

    [Fact]
    public void Fit_ConstantSeries_IsPredictedAsItIs()
    {
        Example[] rows = Series.Examples(20);
        foreach (Example row in rows)
        {
            Array.Fill(row.Features, 7);
            row.Label = 42.5f;
        }
        IDataView data = _ml.Data.LoadFromEnumerable(rows);

        IDataView scored = _ml.Regression.Trainers.LstmRegressor(numberOfEpochs: 200, learningRate: 0.01f).Fit(data).Transform(data);

        Assert.All(scored.GetColumn<float>("Score"), score => Assert.Equal(42.5, score, 0.01));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Fit_FewerSequencesThanABatch_Trains(int rows)
    {
        LstmRegressionTransformer model = _ml.Regression.Trainers.LstmRegressor(Quick("Label")).Fit(Load(rows));

        Assert.All(model.Transform(Load(rows)).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Fit_VariableLengthsKeysAndWeights_AreTaken()
    {
        var random = new Random(1);
        Tokens[] rows = [.. Enumerable.Range(0, 50).Select(i => new Tokens { Keys = [.. Enumerable.Range(0, 1 + i % 5).Select(_ => (uint)random.Next(0, 5))], Label = i % 5, Weight = i % 3 })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        LstmRegressor.Options options = Quick("Label");
        options.FeatureColumnName = "Keys";

        Assert.Equal(50, CheckEstimator.Run(_ml, _ml.Regression.Trainers.LstmRegressor(options), data, ["Keys", "Label", "Weight"], ["Keys"]).Transform(data).GetColumn<float>("Score").Count(float.IsFinite));
    }

    [Fact]
    public void Fit_ValidationDataOfItsOwn_IsWatched()
    {
        LstmRegressionTransformer model = _ml.Regression.Trainers.LstmRegressor(Quick("Label")).Fit(Load(40), _ml.Data.LoadFromEnumerable(Series.Examples(10, seed: 9)));

        Assert.All(model.History.Epochs, epoch => Assert.NotNull(epoch.ValidationLoss));
    }

    [Fact]
    public void Fit_Differences_FollowALevelNeverSeen()
    {
        // A random walk with drift 1: whatever its level, the next value is the last plus 1.
        var random = new Random(1);
        Example[] Walk(int rows, float level) => [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 12).Select(i => level + i / 2 + random.NextSingle())];
            return new Example { Features = features, Label = features[^2] + 1 };
        })];
        LstmRegressor.Options options = Quick("Label");
        (options.PredictDifference, options.NumberOfEpochs, options.LearningRate) = (true, 30, 0.01f);
        IDataView high = _ml.Data.LoadFromEnumerable(Walk(50, 5000));

        LstmRegressionTransformer model = CheckEstimator.Run(_ml, _ml.Regression.Trainers.LstmRegressor(options), _ml.Data.LoadFromEnumerable(Walk(200, 10)), ["Features", "Label"], ["Features"]);

        Assert.InRange(_ml.Regression.Evaluate(model.Transform(high)).MeanAbsoluteError, 0, 0.5);
    }

    [Fact]
    public void Transform_SequenceNotFinite_ScoresNaN()
    {
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(Quick("Label")).Fit(Load(40));
        Example[] rows = Series.Examples(3);
        rows[1].Features[4] = float.NaN;
        rows[2].Features[0] = float.PositiveInfinity;

        Assert.Equal([true, false, false], model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score").Select(float.IsFinite));
    }

    private static LstmRegressor.Options Quick(string label) => new()
    {
        LabelColumnName = label,
        ExampleWeightColumnName = "Weight",
        HiddenSizes = [8],
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        Seed = 1,
    };

    private IDataView Load(int rows) => _ml.Data.LoadFromEnumerable(Series.Examples(rows));

    private sealed class Scored
    {
        public float[] Labels { get; set; } = [];

        public float[] Score { get; set; } = [];
    }

    private sealed class Tokens
    {
        [KeyType(4)]
        public uint[] Keys { get; set; } = [];

        public float Label { get; set; }

        public float Weight { get; set; }
    }
}
