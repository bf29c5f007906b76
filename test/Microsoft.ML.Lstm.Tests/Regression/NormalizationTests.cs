using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Text;

namespace Microsoft.ML.Lstm.Tests.Regression;

/// <summary>With all defaults a forecast follows a series whose level leaves the training range.</summary>
public sealed class NormalizationTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("line", 0.1)]
    [InlineData("noisy line", 1.1)]
    [InlineData("season and trend", 1)]
    [InlineData("level shift", 1.05)]
    [InlineData("growth", 1)]
    public void Fit_DefaultsOnSeriesThatLeavesItsRange_IsAsGoodAsTheNaiveForecast(string kind, double most)
    {
        float[] values = [.. Enumerable.Range(0, 200).Select(i => Value(kind, i))];
        const int Window = 24, Split = 160;
        LstmRegressor.Options options = new() { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 30, LearningRate = 0.005f, NumberOfThreads = 1 };
        var chain = _ml.Transforms.WindowSequence("Window", ["Value"], Window, 1, "Next").Append(_ml.Regression.Trainers.LstmRegressor(options));

        TransformerChain<LstmRegressionTransformer> model = chain.Fit(Load(values[..Split]));

        IDataView scored = model.Transform(Load(values[(Split - Window)..]));
        float[] forecasts = [.. scored.GetColumn<float>("Score")], actual = [.. scored.GetColumn<float>("Next")];
        double error = RootMeanSquare(forecasts.Zip(actual, (a, b) => a - b));
        double naive = RootMeanSquare(actual.Zip(values[(Split - 1)..], (a, b) => a - b));
        Assert.Equal(WindowNormalization.LastValue, model.LastTransformer.Model.Normalization);
        Assert.True(error < most * naive, $"RMSE {error}, naive {naive}");
    }

    [Fact]
    public void Fit_SeriesOfUnequalLevelInOneModel_ServesBoth()
    {
        Point[] points = [.. Enumerable.Range(0, 140).SelectMany(day => new[] { 1f, 1e6f }.Select((level, g) =>
            new Point { Group = g, Value = level * (10 + MathF.Sin(day * MathF.Tau / 7)) }))];
        LstmRegressor.Options options = new() { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 30, LearningRate = 0.01f, NumberOfThreads = 1 };
        var chain = _ml.Transforms.WindowSequence("Window", ["Value"], 14, 1, "Next", groupColumnName: "Group").Append(_ml.Regression.Trainers.LstmRegressor(options));
        IDataView data = _ml.Data.LoadFromEnumerable(points);

        TransformerChain<LstmRegressionTransformer> model = chain.Fit(data);

        Assert.Equal(WindowNormalization.LastValueAndScale, model.LastTransformer.Model.Normalization);
        IDataView scored = model.Transform(data);
        double[] errors = [.. scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Next"), (score, next) => Math.Abs(score - next) / (next > 1000 ? 1e6 : 1))];
        double small = errors.Where((_, i) => i % 2 == 0).Average(), large = errors.Where((_, i) => i % 2 == 1).Average();
        Assert.True(small < 0.3, $"{small}");
        Assert.Equal(small, large, small / 10);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, WindowNormalization.LastValue)]
    public void Fit_LabelOfTheSecondSeriesInLargerSteps_ContinuesItsLastRow(bool differences, WindowNormalization? normalization)
    {
        Point[] points = [.. Enumerable.Range(0, 60).Select(i => new Point { Value = -1000 * (i % 3), Other = 7 * i })];
        IDataView data = _ml.Data.LoadFromEnumerable(points);
        LstmRegressor.Options options = new()
        {
            LabelColumnName = "Next", FeatureColumnName = "Window", StepSize = 6, PredictDifference = differences, Normalization = normalization,
            NumberOfEpochs = 1, NumberOfThreads = 1,
        };
        var chain = _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 12, 1, "Next", labelInputColumnName: "Other").Append(_ml.Regression.Trainers.LstmRegressor(options));

        TransformerChain<LstmRegressionTransformer> model = chain.Fit(data);

        // Every difference is 7, so scaled targets are 0: barely trained, the model says so to within the little that is left of its weights.
        IDataView scored = model.Transform(data);
        Assert.Equal((6, 4), (model.LastTransformer.Model.Spec.InputSize, model.LastTransformer.Model.StepCount));
        Assert.All(scored.GetColumn<float>("Score").Zip(scored.GetColumn<float>("Next"), (score, next) => score - next), error => Assert.InRange(error, -2, 2));
    }

    [Fact]
    public void Fit_WindowNormalisedAfterItWasCut_IsNotTakenForTheLabelsOwn()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(60));
        var chain = _ml.Transforms.WindowSequence("Window", ["Value"], 12, 1, "Next")
            .Append(_ml.Transforms.NormalizeMinMax("Window"))
            .Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1));

        Assert.Equal(WindowNormalization.None, chain.Fit(data).LastTransformer.Model.Normalization);
    }

    [Theory]
    [InlineData((WindowNormalization)9, false, "Normalization is 9")]
    [InlineData(WindowNormalization.LastValue, true, "PredictDifference")]
    public void LstmRegressor_NormalizationThatDoesNotFit_IsRefused(WindowNormalization normalization, bool differences, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(
            new LstmRegressor.Options { Normalization = normalization, PredictDifference = differences })).Message, StringComparison.Ordinal);

    [Fact]
    public void Save_TextOutsideTheBasicPlane_LoadsAndWritesWholeCharacters()
    {
        IDataView lines = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(new Line { Text = "ok\U0001F600" }, 40));
        IDataView data = _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text", useMarkerCharacters: false).Fit(lines).Transform(lines);
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(Sentences.Thorough()).Fit(data);
        var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);

        var loaded = (LstmLanguageModelTransformer)_ml.Model.Load(stream, out _);

        Assert.Equal(model.Vocabulary, loaded.Vocabulary);
        Assert.Contains("\ud83d", loaded.Vocabulary);
        Assert.Equal("k\U0001F600", loaded.Generate("o", 3, temperature: 0));
        Assert.Equal(["k", "\U0001F600"], loaded.GenerateTokens(["o"], 3, temperature: 0));
    }

    private IDataView Load(float[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Point { Value = value }));

    private static double RootMeanSquare(IEnumerable<float> errors) => Math.Sqrt(errors.Average(error => (double)error * error));

    // Noise that is the same on every machine.
    private static float Value(string kind, int i) => kind switch
    {
        "line" => i,
        "noisy line" => i + (3 * (((i * 7919 % 101) / 50f) - 1)),
        "season and trend" => 50 + (0.5f * i) + (10 * MathF.Sin(i * MathF.PI / 6)),
        "level shift" => (i < 100 ? 20 : i < 165 ? 60 : 120) + (5 * MathF.Sin(i * MathF.PI / 6)),
        _ => MathF.Exp(i * 0.02f),
    };
}
