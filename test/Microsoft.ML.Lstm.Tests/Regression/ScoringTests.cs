using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Regression;

public class ScoringTests
{
    private readonly MLContext _ml = new(1);
    private readonly LstmRegressionTransformer _model;
    private readonly Example[] _rows = Series.Examples(200, seed: 3);
    private readonly float[] _scores;

    public ScoringTests()
    {
        _model = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { NumberOfEpochs = 2, Seed = 1, HiddenSizes = [16, 8] })
            .Fit(_ml.Data.LoadFromEnumerable(Series.Examples(100)));
        _scores = [.. _model.Transform(_ml.Data.LoadFromEnumerable(_rows)).GetColumn<float>("Score")];
    }

    [Fact]
    public void Predict_OneRowAtATime_GivesTheBitsOfAllAtOnce()
    {
        using PredictionEngine<Example, Prediction> engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(_model);

        Assert.Equal(_scores, _rows.Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void Transform_SeveralThreads_ShareAModel()
    {
        float[][] scores = new float[8][];

        Parallel.For(0, scores.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 2 == 0)
            {
                scores[i] = [.. _model.Transform(_ml.Data.LoadFromEnumerable(_rows)).GetColumn<float>("Score")];
                return;
            }
            using PredictionEngine<Example, Prediction> engine = _ml.Model.CreatePredictionEngine<Example, Prediction>(_model);
            scores[i] = [.. _rows.Select(row => engine.Predict(row).Score)];
        });

        Assert.All(scores, s => Assert.Equal(_scores, s));
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
