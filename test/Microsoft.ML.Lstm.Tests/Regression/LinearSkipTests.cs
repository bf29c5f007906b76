using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Tests.Regression;

/// <summary>On windows a regressor learns what a linear forecast misses, so that with all defaults no series is forecast worse than by repeating its last value or its last season.</summary>
public sealed class LinearSkipTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("air-passengers-monthly", 36, 12, 12, 0.6)]
    [InlineData("nottingham-temperature-monthly", 36, 12, 12, 0.8)]
    [InlineData("eu-stock-markets-daily", 20, 1, 1, 1.02)]
    [InlineData("line", 20, 1, 1, 0.01)]
    [InlineData("trend and season", 36, 12, 12, 0.01)]
    [InlineData("noisy trend and season", 36, 12, 12, 0.8)]
    [InlineData("random walk", 20, 1, 1, 1.02)]
    [InlineData("random walk", 36, 12, 12, 1.02)]
    public void Fit_AllDefaults_ForecastsNoWorseThanTheBestNaiveForecast(string name, int window, int horizon, int season, double most)
    {
        float[] values = Values(name);
        int split = values.Length * 8 / 10;
        var chain = _ml.Transforms.WindowSequence("Window", ["Value"], window, horizon, "Next")
            .Append(_ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window" }));

        TransformerChain<LstmRegressionTransformer> model = chain.Fit(Load(values[..split]));

        IDataView scored = model.Transform(Load(values[(split - window)..]));
        float[][] scores = Rows(scored, "Score"), labels = Rows(scored, "Next");
        (double own, double noChange, double lastSeason) = (0, 0, 0);
        for (int i = 0; i < scores.Length; i++)
        {
            for (int h = 0; h < horizon; h++)
            {
                own += Square(scores[i][h] - labels[i][h]);
                noChange += Square(values[split + i - 1] - labels[i][h]);
                lastSeason += Square(values[split + i - season + (h % season)] - labels[i][h]);
            }
        }
        double ratio = Math.Sqrt(own / Math.Min(noChange, lastSeason));
        Assert.True(ratio <= most, $"{name}: the error is {ratio:F3} times that of the best naive forecast");
    }

    [Fact]
    public void Fit_SeriesThatNothingForecasts_KeepsNoChangeAndSaysSo()
    {
        LstmRegressionTransformer model = Train(Values("random walk"), new LstmRegressor.Options { NumberOfEpochs = 3 }).LastTransformer;

        Finding finding = Assert.Single(model.Model.Diagnosis.Findings, f => f.Code == FindingCode.NoBetterThanLinear);
        Assert.Equal(FindingSeverity.Information, finding.Severity);
        Assert.DoesNotContain(model.Model.Diagnosis.Findings, f => f.Code == FindingCode.WorseThanNaive);
        float[] window = [.. Enumerable.Range(0, 12).Select(i => 100f + (i * i % 7))];
        Assert.Equal([window[^1], window[^1]], model.Model.Predict(window));
    }

    [Fact]
    public void Fit_SeriesBeyondALine_KeepsWhatTheNetworkLearned()
    {
        // The logistic map is a random walk to a line, and no secret to a network.
        float value = 0.3f;
        float[] values = [.. Enumerable.Range(0, 400).Select(_ => value = 3.9f * value * (1 - value))];

        RecurrentModel model = Train(values, new LstmRegressor.Options { NumberOfEpochs = 60, LearningRate = 0.01f }, horizon: 1).LastTransformer.Model;

        Assert.DoesNotContain(model.Diagnosis.Findings, f => f.Code == FindingCode.NoBetterThanLinear);
        float next = 3.9f * values[^1] * (1 - values[^1]);
        Assert.Equal(next, model.Predict(values[^12..])[0], 0.1f);
    }

    [Fact]
    public void Fit_LinearSkipFalse_HasNoLinearForecastAndTheFileOfTheVersionBefore()
    {
        float[] values = Values("noisy trend and season");

        SafetensorsReader without = FileOf(Train(values, new LstmRegressor.Options { NumberOfEpochs = 1, LinearSkip = false }));
        SafetensorsReader with = FileOf(Train(values, new LstmRegressor.Options { NumberOfEpochs = 1 }));

        Assert.Equal(("2", "3"), (without.Metadata["format_version"], with.Metadata["format_version"]));
        Assert.False(without.Contains("linear.weight"));
        Assert.Equal([2, 12], with.Shape("linear.weight"));
    }

    [Fact]
    public void Fit_SeveralSeriesAndQuantiles_ForecastsEachByItsOwnLine()
    {
        Point[] points = [.. Enumerable.Range(0, 160).Select(i => new Point { Value = 3 * i, Other = 500 - i })];
        IDataView data = _ml.Data.LoadFromEnumerable(points);
        var options = new LstmRegressor.Options
        {
            LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 1,
            Loss = new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.9f] },
        };
        var chain = _ml.Transforms.WindowSequence("Window", ["Other", "Value"], 12, 2, "Next", labelInputColumnName: "Value").Append(_ml.Regression.Trainers.LstmRegressor(options));

        IDataView scored = chain.Fit(data).Transform(data);

        float[][] scores = Rows(scored, "Score"), labels = Rows(scored, "Next");
        Assert.All(scores.Zip(labels), pair => Assert.All(pair.First.Select((score, i) => score - pair.Second[i / 2]), error => Assert.InRange(error, -0.1, 0.1)));
    }

    [Fact]
    public void Fit_InitialModel_KeepsItsLinearForecast()
    {
        float[] values = Values("noisy trend and season");
        TransformerChain<LstmRegressionTransformer> first = Train(values, new LstmRegressor.Options { NumberOfEpochs = 1 });
        var options = new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 1 };
        IDataView data = _ml.Transforms.WindowSequence("Window", ["Value"], 12, 2, "Next").Fit(Load(values)).Transform(Load(values));

        LstmRegressionTransformer second = _ml.Regression.Trainers.LstmRegressor(options).Fit(data, first.LastTransformer);

        Assert.Equal(FileOf(first).Values<float>("linear.weight").ToArray(), FileOf(second.Model).Values<float>("linear.weight").ToArray());
        options.LinearSkip = false;
        string message = Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(options).Fit(data, first.LastTransformer)).Message;
        Assert.Contains("LinearSkip is False; expected True", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random walk")]
    [InlineData("noisy trend and season")]
    public void Fit_ResumedFromACheckpoint_GivesTheSameBits(string name)
    {
        float[] values = Values(name);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            LstmRegressor.Options With(int epochs, string? checkpoint, string? resume) => new()
            {
                NumberOfEpochs = epochs, Seed = 7, CheckpointPath = checkpoint, ResumeFrom = resume, ResumeWithNewSchedule = resume is not null,
            };
            float[] whole = Train(values, With(4, null, null)).LastTransformer.Model.Predict(values[^12..]);
            Train(values, With(2, path, null));

            Assert.Equal(whole, Train(values, With(4, null, path)).LastTransformer.Model.Predict(values[^12..]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Fit_LinearSkipThatCannotBe_IsRefused()
    {
        Assert.Contains("LinearSkip is True; expected false or null", Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(
            new LstmRegressor.Options { LinearSkip = true, PredictDifference = true })).Message, StringComparison.Ordinal);
        IDataView examples = _ml.Data.LoadFromEnumerable(Series.Examples(20));
        Assert.Contains("LinearSkip is true", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor(
            new LstmRegressor.Options { LinearSkip = true }).Fit(examples)).Message, StringComparison.Ordinal);
    }

    private TransformerChain<LstmRegressionTransformer> Train(float[] values, LstmRegressor.Options options, int horizon = 2)
    {
        (options.LabelColumnName, options.FeatureColumnName) = ("Next", "Window");
        return _ml.Transforms.WindowSequence("Window", ["Value"], 12, horizon, "Next").Append(_ml.Regression.Trainers.LstmRegressor(options)).Fit(Load(values));
    }

    private static SafetensorsReader FileOf(TransformerChain<LstmRegressionTransformer> chain) => FileOf(chain.LastTransformer.Model);

    private static SafetensorsReader FileOf(RecurrentModel model)
    {
        var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        Assert.Equal(model.Describe(), RecurrentModel.Load(new MemoryStream(stream.ToArray())).Describe());
        return new SafetensorsReader(stream);
    }

    private static float[][] Rows(IDataView view, string column) => view.Schema[column].Type is VectorDataViewType
        ? [.. view.GetColumn<float[]>(column)]
        : [.. view.GetColumn<float>(column).Select(value => new[] { value })];

    private static double Square(double value) => value * value;

    private IDataView Load(float[] values) => _ml.Data.LoadFromEnumerable(values.Select(value => new Point { Value = value }));

    private static float[] Values(string name)
    {
        string path = Path.Combine(Repository.Root, "src", "Samples", "Data", name + ".csv");
        if (File.Exists(path))
            return [.. File.ReadLines(path).Skip(1).Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        var random = new Random(3);
        float level = 100;
        return [.. Enumerable.Range(0, 400).Select(i => name switch
        {
            "line" => i,
            "trend and season" => 50 + (0.5f * i) + (10 * MathF.Sin(i * MathF.PI / 6)),
            "noisy trend and season" => 50 + (0.1f * i) + (10 * MathF.Sin(i * MathF.PI / 6)) + (4 * random.NextSingle()),
            _ => level += (random.NextSingle() * 2) - 1,
        })];
    }
}
