using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class ForecastBadInputTests
{
    private static readonly DateTime s_start = new(2024, 3, 30);
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public ForecastBadInputTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Runtime.ChannelMessageKind.Warning)
            _warnings.Add(e.Message);
    };

    [Fact]
    public void Transform_FutureCovariateMissing_NamesSeriesRowAndColumn()
    {
        Row[] rows = Rows("a", 90);
        foreach (Row row in rows[80..])
            row.Value = float.NaN;
        LstmForecastingTransformer model = Forecaster(o => (o.GroupColumnName, o.FutureCovariateColumnNames) = ("Series", ["Known"])).Fit(Load(rows));
        rows[84].Known = float.NaN;

        string message = Assert.Throws<InvalidOperationException>(() => model.Transform(Load(rows)).GetColumn<float[]>("Forecast").ToArray()).Message;

        Assert.Contains("Column 'Known' has no value in its row 84 of series 'a', after the last row with a target; expected one, since it is a covariate of the future", message);
    }

    [Fact]
    public void Fit_CovariateMissingInThePast_IsSaidOrRefused()
    {
        Row[] rows = Rows("a", 90);
        rows[10].Known = rows[20].Known = float.NaN;
        LstmForecaster Named(MissingValues rule) => Forecaster(o => (o.GroupColumnName, o.FutureCovariateColumnNames, o.MissingValues) = ("Series", ["Known"], rule));

        Named(MissingValues.Mask).Fit(Load(rows));

        Assert.Contains(_warnings, w => w.Contains("2 values are missing, the first of column 'Known' in series 'a' in its row 10; as a covariate's, the last known one stands in", StringComparison.Ordinal));
        Assert.Contains("2 values are missing, the first of column 'Known'", Assert.Throws<InvalidOperationException>(() => Named(MissingValues.Refuse).Fit(Load(rows))).Message);
    }

    [Fact]
    public void Transform_FutureCovariatesEndEarly_WarnsAndNamesSeriesAndColumn()
    {
        Row[] rows = Rows("a", 90);
        foreach (Row row in rows[88..])
            row.Value = float.NaN;
        LstmForecastingTransformer model = Forecaster(o => (o.GroupColumnName, o.FutureCovariateColumnNames) = ("Series", ["Known"])).Fit(Load(rows));

        float[][] forecasts = [.. model.Transform(Load(rows)).GetColumn<float[]>("Forecast")];

        Assert.Contains(_warnings, w => w.Contains("Column 'Known' is known for 2 rows after the last value of series 'a'; expected 4, the horizon", StringComparison.Ordinal));
        Assert.True(float.IsFinite(forecasts[85][0]));
        Assert.True(float.IsNaN(forecasts[87][0]));
    }

    [Fact]
    public void Transform_NewOrShortSeries_IsForecast()
    {
        LstmForecastingTransformer model = Forecaster(o => o.GroupColumnName = "Series").Fit(Load([.. Rows("a", 90), .. Rows("b", 7)]));

        float[][] forecasts = [.. model.Transform(Load([.. Rows("b", 3), .. Rows("new", 5)])).GetColumn<float[]>("Forecast")];

        Assert.All(forecasts, forecast => Assert.All(forecast, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void Transform_ColumnMissing_NamesItAndWhatThereIs()
    {
        LstmForecastingTransformer model = Forecaster(o => o.FutureCovariateColumnNames = ["Known"]).Fit(Load(Rows("a", 90)));
        IDataView without = _ml.Transforms.DropColumns("Known").Fit(Load(Rows("a", 90))).Transform(Load(Rows("a", 90)));

        Assert.Contains("Could not find future covariate column 'Known'; the data has 'Series'", Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(without)).Message);
    }

    [Fact]
    public void Fit_SeasonLongerThanTheSeries_IsNamed()
    {
        string message = Assert.Throws<InvalidOperationException>(() => Forecaster(o => (o.SeasonLength, o.GroupColumnName) = (90, "Series")).Fit(Load(Rows("a", 90)))).Message;

        Assert.Contains("SeasonLength is 90; expected less than 90, the rows of the longest series, 'a', or null", message);
    }

    [Fact]
    public void Fit_CheckpointOfAnotherForecaster_IsNamed()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "forecast.checkpoint");
        Forecaster(o => o.CheckpointPath = path).Fit(Load(Rows("a", 90)));

        Assert.Contains("is of another network: its HiddenSizes", Assert.Throws<InvalidDataException>(() => Forecaster(o => (o.ResumeFrom, o.HiddenSizes) = (path, [9])).Fit(Load(Rows("a", 90)))).Message);
        Assert.Contains("is of another training", Assert.Throws<InvalidDataException>(() => Forecaster(o => o.ResumeFrom = path).Fit(Load(Rows("a", 80)))).Message);
    }

    [Fact]
    public void Fit_ClocksGoForwardInLocalTimes_IsAGapOfAnHour()
    {
        Row[] rows = [.. Rows("a", 72).Select((row, i) => row with { Time = s_start.AddHours(i < 26 ? i : i + 1) })];

        Forecaster(o => o.TimeColumnName = "Time").Fit(Load(rows));

        Assert.Contains(_warnings, w => w.Contains("1 value is missing, the first of column 'Value' at 2024-03-31 02:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ClocksGoBackInLocalTimes_NamesSeriesRowAndColumnAndTheWayOut()
    {
        Row[] rows = [.. Rows("a", 72).Select((row, i) => row with { Time = s_start.AddHours(i < 27 ? i : i - 1) })];

        string message = Assert.Throws<InvalidOperationException>(() => Forecaster(o => (o.TimeColumnName, o.GroupColumnName) = ("Time", "Series")).Fit(Load(rows))).Message;

        Assert.Contains("Column 'Time' has 2024-03-31 02:00:00 in row 27 of series 'a', after 2024-03-31 02:00:00 in row 26; expected each time once: DateTimeOffset tells apart", message);
    }

    [Fact]
    public void Fit_OffsetsThatChangeOrAreMixed_AreOneSeriesWithoutGaps()
    {
        Row[] rows = [.. Rows("a", 72).Select((row, i) => row with { Offset = new DateTimeOffset(s_start.AddHours(i), TimeSpan.Zero).ToOffset(TimeSpan.FromHours(i < 30 ? 2 : i < 50 ? 1 : -5)) })];

        LstmForecastingTransformer model = Forecaster(o => o.TimeColumnName = "Offset").Fit(Load(rows));

        Assert.DoesNotContain(_warnings, w => w.Contains("missing", StringComparison.Ordinal));
        Assert.True(float.IsFinite(model.Transform(Load(rows)).GetColumn<float[]>("Forecast").Last()[0]));
    }

    [Fact]
    public void Fit_BatchThatDoesNotFitIntoMemory_SaysWhatItNeedsBeforeItIsTaken()
    {
        LstmForecaster forecaster = Forecaster(o =>
            (o.WindowSize, o.SegmentLength, o.HiddenSizes, o.BatchSize, o.ValidationFraction) = (2000, 1, [3000], 4000, 0));

        string message = Assert.Throws<InvalidOperationException>(() => forecaster.Fit(Load(Rows("", 6100)))).Message;

        // With memory enough it is the length of a matrix that is told.
        Assert.Matches(@"^A batch of 4000 windows of 2000 rows (needs about [\d.]+ GB in this network; expected at most [\d.]+ GB|has \d+ steps in all; expected at most \d+ )", message);
    }

    private LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 12, Horizon = 4, HiddenSizes = [4], NumberOfEpochs = 1, Seed = 4, SeasonLength = 4 };
        change(options);
        return _ml.Forecasting.ForecastByLstm(options);
    }

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] Rows(string series, int count) => [.. Enumerable.Range(0, count).Select(i => new Row { Series = series, Value = i % 4, Known = i % 3, Time = s_start.AddHours(i), Offset = new DateTimeOffset(s_start.AddHours(i), TimeSpan.Zero) })];

    private sealed record Row
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }

        public float Known { get; set; }

        public DateTime Time { get; set; }

        public DateTimeOffset Offset { get; set; }
    }
}
