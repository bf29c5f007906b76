using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class ForecastByLstmTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Kinds => ["line", "line and noise", "season", "season on a trend", "constant", "level shift", "growth", "intermittent"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_DefaultsOnGeneratedSeries_ContinuesThemAsWellAsTheBestNaiveForecastOrSaysSo(string kind)
    {
        Row[] rows = [.. Enumerable.Range(0, 400).Select(i => new Row { Value = Value(kind, i) })];
        var model = _ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 48, horizon: 12, numberOfEpochs: 8).Fit(_ml.Data.LoadFromEnumerable(rows[..340]));

        float[][] forecasts = [.. model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Forecast")];
        (double own, double persistence, double season) = (0, 0, 0);
        for (int origin = 340; origin < 388; origin++)
            for (int h = 1; h <= 12; h++)
            {
                float actual = rows[origin + h].Value;
                own += Math.Abs(forecasts[origin][h - 1] - actual);
                persistence += Math.Abs(rows[origin].Value - actual);
                season += Math.Abs(rows[origin + h - 12].Value - actual);
            }
        double unit = 48 * 12 * (rows[340..].Max(row => row.Value) - rows[340..].Min(row => row.Value));
        bool isAsGood = own <= (1.1 * Math.Min(persistence, season)) + (0.01 * unit) + 1e-6;
        Assert.True(isAsGood || model.Diagnosis[FindingCode.WorseThanNaive] is not null, $"{kind}: {own / 576} against {persistence / 576} and {season / 576}");
    }

    [Fact]
    public void Transform_LastRow_HasTheFutureAndRowsWithoutPastHaveNaN()
    {
        Row[] rows = [.. Enumerable.Range(0, 200).Select(i => new Row { Value = Value("season on a trend", i) })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 36, horizon: 12, numberOfEpochs: 15).Fit(data);

        float[][] forecasts = [.. model.Transform(data).GetColumn<float[]>("Forecast")];

        Assert.Equal(200, forecasts.Length);
        Assert.All(forecasts, forecast => Assert.Equal(12, forecast.Length));
        for (int h = 0; h < 12; h++)
            Assert.Equal(Value("season on a trend", 200 + h), forecasts[^1][h], 1.5f);
        ForecastResult alone = model.Model.Forecast([.. rows.Select(row => row.Value)]);
        Assert.Equal(forecasts[^1], alone.Values);
    }

    [Fact]
    public void Load_SavedForecaster_GivesTheSameBits()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Grouped(2, 150));
        var model = _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = 24,
            Horizon = 6,
            NumberOfEpochs = 2,
            NumberOfModels = 2,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            HiddenSizes = [16],
        }).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        foreach (string column in (string[])["Forecast", "Lower", "Upper"])
            Assert.Equal(model.Transform(data).GetColumn<float[]>(column).ToArray(), loaded.Transform(data).GetColumn<float[]>(column).ToArray());
        Assert.Equal(2, Assert.IsType<LstmForecastingTransformer>(loaded).Model.MemberCount);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Grouped(2, 120));
        float[][] Run(int threads) => [.. _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], GroupColumnName = "Series", WindowSize = 24, Horizon = 6, NumberOfEpochs = 2, HiddenSizes = [16], Seed = 3, NumberOfThreads = threads,
        }).Fit(data).Transform(data).GetColumn<float[]>("Forecast")];

        Assert.Equal(Run(1), Run(2));
    }

    [Fact]
    public void Fit_SeriesOfUnequalLevelAndLength_ServesBothAndOneNotSeen()
    {
        Row[] rows = [.. Enumerable.Range(0, 200).Select(i => new Row { Series = "small", Value = Value("season", i) }),
            .. Enumerable.Range(0, 40).Select(i => new Row { Series = "large", Value = 1e6f * Value("season", i) })];
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], GroupColumnName = "Series", WindowSize = 24, Horizon = 6, NumberOfEpochs = 15, SeasonLength = 12 };
        var model = _ml.Forecasting.ForecastByLstm(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        Row[] other = [.. Enumerable.Range(0, 60).Select(i => new Row { Series = "new", Value = 50 * Value("season", i) })];

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(model.Transform(_ml.Data.LoadFromEnumerable(rows.Concat(other))), "Value", groupColumnName: "Series", seasonLength: 12);

        Assert.True(metrics.ErrorsBySeries["small"].MeanAbsoluteError < 1, metrics.ToString());
        Assert.True(metrics.ErrorsBySeries["large"].MeanAbsoluteError < 4e6, metrics.ToString());
        Assert.True(metrics.ErrorsBySeries["new"].MeanAbsoluteError < 150, metrics.ToString());
    }

    [Fact]
    public void Fit_FutureCovariate_IsUsedAndItsEndGivesNaN()
    {
        var random = new Random(1);
        float[] promotion = [.. Enumerable.Range(0, 420).Select(_ => random.Next(4) == 0 ? 1f : 0f)];
        Row[] rows = [.. Enumerable.Range(0, 420).Select(i => new Row { Value = i < 410 ? 10 + (20 * promotion[i]) : float.NaN, Known = promotion[i] })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], FutureCovariateColumnNames = ["Known"], WindowSize = 12, Horizon = 5, NumberOfEpochs = 30, SegmentLength = 1, LearningRate = 0.01f, SeasonLength = 1,
        }).Fit(data);

        float[][] forecasts = [.. model.Transform(data).GetColumn<float[]>("Forecast")];

        for (int h = 0; h < 5; h++)
            Assert.Equal(10 + (20 * promotion[410 + h]), forecasts[409][h], 5f);
        Assert.True(float.IsNaN(forecasts[419][0]));
    }

    [Fact]
    public void Fit_Gaps_AreNotLearnedAndSaid()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) warnings.Add(e.Message); };
        var start = new DateTime(2024, 1, 1);
        Timed[] rows = [.. Enumerable.Range(0, 300).Where(i => i is < 100 or > 110).Select(i => new Timed { Date = start.AddHours(i), Value = i == 50 ? float.NaN : Value("season", i) })];
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], TimeColumnName = "Date", WindowSize = 36, Horizon = 6, NumberOfEpochs = 15, SeasonLength = 12 };

        var model = _ml.Forecasting.ForecastByLstm(options).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Contains(warnings, warning => warning.Contains("12 values are missing, the first of column 'Value' at 2024-01-03 02:00:00", StringComparison.Ordinal));
        float[] last = model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Forecast").Last();
        for (int h = 0; h < 6; h++)
            Assert.Equal(Value("season", 300 + h), last[h], 2f);
        options.MissingValues = MissingValues.Refuse;
        Assert.Contains("12 values are missing", Assert.Throws<InvalidOperationException>(() => _ml.Forecasting.ForecastByLstm(options).Fit(_ml.Data.LoadFromEnumerable(rows))).Message);
    }

    [Fact]
    public void Fit_Intervals_CoverTheirLevelOnNewData()
    {
        var random = new Random(7);
        Row[] rows = [.. Enumerable.Range(0, 3000).Select(i => new Row { Value = Value("season", i) + (float)(random.NextDouble() + random.NextDouble() + random.NextDouble()) })];
        var model = _ml.Forecasting.ForecastByLstm("Forecast", "Value", 24, 4, numberOfEpochs: 3, confidenceLowerBoundColumn: "Lower", confidenceUpperBoundColumn: "Upper", confidenceLevel: 0.8f)
            .Fit(_ml.Data.LoadFromEnumerable(rows[..2000]));

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(
            model.Transform(_ml.Data.LoadFromEnumerable(rows[1950..])), "Value", lowerBoundColumnName: "Lower", upperBoundColumnName: "Upper", confidenceLevel: 0.8, seasonLength: 12);

        Assert.InRange(metrics.Coverage, 0.75, 0.85);
    }

    [Fact]
    public void Fit_BadTimes_NamesSeriesRowAndColumn()
    {
        var start = new DateTime(2024, 1, 1);
        Timed[] Rows(params int[] hours) => [.. hours.Select(hour => new Timed { Series = "a", Date = start.AddHours(hour), Value = hour })];
        string Message(params int[] hours) => Assert.Throws<InvalidOperationException>(() => _ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"], TimeColumnName = "Date", GroupColumnName = "Series", WindowSize = 4, Horizon = 2,
        }).Fit(_ml.Data.LoadFromEnumerable(Rows(hours)))).Message;

        Assert.Contains("Column 'Date' has 2024-01-01 01:00:00 in row 3 of series 'a', after 2024-01-01 02:00:00 in row 2; expected times in increasing order", Message(0, 1, 2, 1, 4));
        Assert.Contains("expected each time once", Message(0, 1, 2, 2, 3));
        Assert.Contains("expected at least 3, one of the past and the horizon (2)", Message(0, 1));
    }

    [Fact]
    public void Fit_DefaultSchedule_HalvesTheRateAfterEachEpochWithoutABetterLoss()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Grouped(2, 120));
        LstmForecaster.Options Options() => new() { InputColumnNames = ["Value"], GroupColumnName = "Series", WindowSize = 24, Horizon = 6, HiddenSizes = [8], Patience = null, Seed = 1 };
        LstmForecaster.Options faster = Options(), constant = Options();
        (faster.LearningRate, constant.Schedule) = (0.02f, LearningRateSchedule.Constant(0.002f));

        foreach ((LstmForecaster.Options options, float first) in new[] { (Options(), 0.002f), (faster, 0.02f) })
        {
            IReadOnlyList<EpochReport> epochs = _ml.Forecasting.ForecastByLstm(options).Fit(data).History.Epochs;

            (double best, float expected) = (double.PositiveInfinity, first);
            foreach (EpochReport epoch in epochs)
            {
                Assert.Equal(expected, epoch.LearningRate, expected * 1e-5f);
                (best, expected) = epoch.ValidationLoss < best ? (epoch.ValidationLoss.Value, expected) : (best, expected / 2);
            }
            Assert.True(expected < first);
        }
        Assert.All(_ml.Forecasting.ForecastByLstm(constant).Fit(data).History.Epochs, epoch => Assert.Equal(0.002f, epoch.LearningRate));
    }

    [Fact]
    public void Options_OutOfRange_AreNamedBeforeAnyData()
    {
        string Message(Action<LstmForecaster.Options> change)
        {
            var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 10, Horizon = 2 };
            change(options);
            return Assert.Throws<ArgumentException>(() => _ml.Forecasting.ForecastByLstm(options)).Message;
        }

        Assert.Contains("WindowSize is 0; expected 1 to 100000", Message(o => o.WindowSize = 0));
        Assert.Contains("SpreadShare is 1.5; expected 0 to 1", Message(o => o.SpreadShare = 1.5f));
        Assert.Contains("Horizon is -1; expected 1 to 10000", Message(o => o.Horizon = -1));
        Assert.Contains("InputColumnNames is empty", Message(o => o.InputColumnNames = []));
        Assert.Contains("ConfidenceUpperBoundColumn is null; expected the name of a column", Message(o => o.ConfidenceLowerBoundColumn = "Lower"));
        Assert.Contains("TimeStep is 1 day; expected null, since TimeColumnName is null", Message(o => o.TimeStep = TimeStep.Of(TimeSpan.FromDays(1))));
        Assert.Contains("Loss is SoftmaxCrossEntropy", Message(o => o.Loss = new LossSpec { Kind = LossKind.SoftmaxCrossEntropy }));
    }

    [Fact]
    public void GetOutputSchema_MissingOrIllTypedColumn_IsNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Grouped(1, 5));
        var forecaster = _ml.Forecasting.ForecastByLstm("Forecast", "Nothing", 4, 2);
        Assert.Contains("input column 'Nothing'", Assert.Throws<ArgumentOutOfRangeException>(() => forecaster.Fit(data)).Message);
        var time = _ml.Forecasting.ForecastByLstm("Forecast", "Value", 4, 2, timeColumnName: "Series");
        Assert.Contains("time column 'Series': expected DateTime or DateTimeOffset", Assert.Throws<ArgumentOutOfRangeException>(() => time.Fit(data)).Message);
    }

    private static IEnumerable<Row> Grouped(int series, int rows) => Enumerable.Range(0, rows).SelectMany(i =>
        Enumerable.Range(0, series).Select(s => new Row { Series = $"s{s}", Value = (s + 1) * Value("season on a trend", i) }));

    private static float Value(string kind, int i)
    {
        double season = 10 * Math.Sin(2 * Math.PI * i / 12), noise = new Random(i).NextDouble() - 0.5;
        return (float)(kind switch
        {
            "line" => 5 + (0.5 * i),
            "line and noise" => 5 + (0.5 * i) + (4 * noise),
            "season" => season,
            "season on a trend" => season + (0.1 * i),
            "constant" => 7,
            // Two of three are zero, the others small whole numbers.
            "intermittent" => new Random(i).Next(3) == 0 ? 1 + new Random(i + 10_000).Next(5) : 0,
            "level shift" => season + (i < 200 ? 0 : 100),
            _ => 100 * Math.Exp(0.01 * i),
        });
    }

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }

        public float Known { get; set; }
    }

    private sealed class Timed
    {
        public string Series { get; set; } = "";

        public DateTime Date { get; set; }

        public float Value { get; set; }
    }
}
