using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The option on ML.NET's trainers, and the device that the context chooses.</summary>
public sealed class TorchTrainerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Fit_EngineTorch_TrainsAModelThatScoresWithoutIt(int? gpuDeviceId)
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = gpuDeviceId, FallbackToCpu = true };
        IDataView data = ml.Data.LoadFromEnumerable(Rows());
        var log = new List<string>();
        ml.Log += (_, e) => log.Add(e.Message);

        ITransformer torch = Trainer(ml, TrainingEngine.Torch).Fit(data), managed = Trainer(ml, TrainingEngine.Managed).Fit(data);

        Assert.Contains(log, line => line.Contains("Torch on "));
        using var file = new MemoryStream();
        ml.Model.Save(torch, data.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(Scores(torch, data), Scores(loaded, data));
        // The same weights, batches and updates; only the rounding differs.
        Assert.All(Scores(managed, data).Zip(Scores(torch, data)), pair => Assert.Equal(pair.First, pair.Second, 1e-2f));
    }

    [Fact]
    public void Fit_NoSuchGpuAndNoFallback_SaysWhatIsMissing()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = 99, FallbackToCpu = false };
        IDataView data = ml.Data.LoadFromEnumerable(Rows());

        foreach (TrainingEngine engine in (TrainingEngine[])[TrainingEngine.Torch, TrainingEngine.Auto])
        {
            var error = Assert.Throws<TrainingEngineUnavailableException>(() => Trainer(ml, engine).Fit(data));
            Assert.Contains("GpuDeviceId is 99; expected ", error.Message);
            Assert.Contains("FallbackToCpu is false", error.Message);
        }
        Trainer(ml, TrainingEngine.Managed).Fit(data);
    }

    [Fact]
    public void Fit_ForecasterOnTorch_ForecastsAsTheManagedEngine()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Value { Series = MathF.Sin(i * 0.3f) }));
        float[][] forecasts = [.. ((TrainingEngine[])[TrainingEngine.Torch, TrainingEngine.Managed]).Select(engine =>
        {
            LstmForecaster forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
            {
                InputColumnNames = [nameof(Value.Series)], WindowSize = 24, Horizon = 6, NumberOfEpochs = 3, Seed = 1, Engine = engine, HiddenSizes = [8],
                Dropout = new() { SeriesDropout = 0 },
            });
            return forecaster.Fit(data).Transform(data).GetColumn<VBuffer<float>>("Forecast").Last().DenseValues().ToArray();
        })];

        Assert.Equal(6, forecasts[0].Length);
        Assert.All(forecasts[0].Zip(forecasts[1]), pair => Assert.Equal(pair.First, pair.Second, 2e-2f));
    }

    private static LstmRegressor Trainer(MLContext ml, TrainingEngine engine) => ml.Regression.Trainers.LstmRegressor(Options(engine));

    private static LstmRegressor.Options Options(TrainingEngine engine) => new()
    {
        Engine = engine, HiddenSizes = [8], NumberOfEpochs = 3, Seed = 4, BatchSize = 16, NumberOfThreads = 1,
    };

    private static IEnumerable<Row> Rows()
    {
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
        {
            float[] values = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle())];
            yield return new Row { Features = values, Label = values[5] + (0.5f * values[4]) };
        }
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Value
    {
        public float Series { get; set; }
    }
}
