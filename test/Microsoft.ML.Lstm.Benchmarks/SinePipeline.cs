using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>The sine network inside an ML.NET pipeline: 100 past values in, 50 future values out, through <see cref="PredictionEngine{TSrc, TDst}"/>.</summary>
internal sealed class SinePipeline
{
    private readonly PredictionEngine<Past, Future> _engine;
    private readonly Past _past = new();
    private Future _future = new();

    public SinePipeline(IReadOnlyList<int> hiddenSizes)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(Example));
        var trainer = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = nameof(TrainingExample.Next),
            FeatureColumnName = nameof(Past.Values),
            HiddenSizes = hiddenSizes,
            NumberOfEpochs = 1,
        });
        _engine = ml.Model.CreatePredictionEngine<Past, Future>(trainer.Fit(data));
        Example(7).Values.CopyTo(_past.Values, 0);
    }

    public void Predict() => _engine.Predict(_past, ref _future);

    private static TrainingExample Example(int phase) => new()
    {
        Values = [.. Enumerable.Range(phase, 100).Select(t => MathF.Sin(t * 0.06f))],
        Next = [.. Enumerable.Range(phase + 100, 50).Select(t => MathF.Sin(t * 0.06f))],
    };

    private class Past
    {
        [VectorType(100)]
        public float[] Values { get; set; } = new float[100];
    }

    private sealed class TrainingExample : Past
    {
        [VectorType(50)]
        public float[] Next { get; set; } = new float[50];
    }

    private sealed class Future
    {
        [VectorType(50)]
        public float[] Score { get; set; } = new float[50];
    }
}
