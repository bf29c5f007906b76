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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_LanguageModelOnTorch_LosesAsTheManagedEngineInEachStep(bool tied)
    {
        var ml = new MLContext(seed: 1);
        IDataView text = Words(ml);
        (List<double> Steps, double HeldOut, double Perplexity)[] runs = [.. ((TrainingEngine[])[TrainingEngine.Torch, TrainingEngine.Managed]).Select(engine =>
        {
            var steps = new List<double>();
            LstmLanguageModelTransformer model = ml.Transforms.Text.LstmLanguageModel(LanguageModel(engine, tied, steps)).Fit(text);
            return (steps, model.History.Epochs[^1].ValidationLoss!.Value, model.Evaluate(text).Perplexity);
        })];

        Assert.True(runs[0].Steps.Count > 10);
        Assert.True(runs[0].Steps[^1] < runs[0].Steps[0] - 0.1, "Nothing was learned.");
        Assert.Equal(runs[1].Steps.Count, runs[0].Steps.Count);
        Assert.All(runs[1].Steps.Zip(runs[0].Steps), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(runs[1].HeldOut, runs[0].HeldOut, 1e-4);
        Assert.Equal(runs[1].Perplexity, runs[0].Perplexity, 1e-3 * runs[1].Perplexity);
    }

    private static IDataView Words(MLContext ml)
    {
        var random = new Random(2);
        // Each word says which few may follow it.
        int word = 0;
        string[] words = [.. Enumerable.Range(0, 600).Select(_ => Invariant($"w{word = ((3 * word) + random.Next(3)) % 40}"))];
        IDataView lines = ml.Data.LoadFromEnumerable(words.Chunk(20).Select(line => new Text { Line = string.Join(' ', line) }));
        return ml.Transforms.Text.TokenizeIntoWords("Tokens", nameof(Text.Line)).Append(ml.Transforms.Conversion.MapValueToKey("Tokens")).Fit(lines).Transform(lines);
    }

    // As the Penn Treebank sample has it, but for dropout, which either engine draws its own way.
    private static LstmLanguageModel.Options LanguageModel(TrainingEngine engine, bool tied, List<double> steps) => new()
    {
        Engine = engine, HiddenSizes = [16, 16], EmbeddingSize = 16, TiedEmbeddings = tied, BatchSize = 4, StepsPerBatch = 9, NumberOfEpochs = 2, Seed = 1, NumberOfThreads = 1,
        Initialization = new() { Weights = Initialization.Uniform, Recurrent = Initialization.Uniform, ForgetBias = 0 },
        Optimizer = new() { Kind = OptimizerKind.Sgd }, Schedule = LearningRateSchedule.ReduceOnPlateau(20, 0.25f), ClipNorm = 0.25f,
        BatchDone = batch => steps.Add(batch.Loss),
    };

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

    private sealed class Text
    {
        public string Line { get; set; } = "";
    }
}
