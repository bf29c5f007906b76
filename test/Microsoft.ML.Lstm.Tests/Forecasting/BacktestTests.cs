using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class BacktestTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Backtest_WithoutRefit_IsTheModelOfTheRowsBeforeTheFirstOrigin()
    {
        Row[] rows = Rows("", 160);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        LstmForecaster forecaster = Forecaster(o => { });

        BacktestResult result = _ml.Forecasting.Backtest(data, forecaster, numberOfOrigins: 5, stride: 4);

        int first = 160 - 6 - 16;
        float[][] expected = [.. forecaster.Fit(_ml.Data.LoadFromEnumerable(rows[..first])).Transform(data).GetColumn<float[]>("Forecast")];
        Assert.Equal(5 * 6, result.Rows.Count);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(k => expected[first + (4 * k) - 1]), result.Rows.Select(row => row.Forecast));
        Assert.All(result.Rows, row => Assert.Equal(rows[row.Origin + row.Step - 1].Value, row.Actual));
        Assert.All(result.Rows, row => Assert.Equal(rows[row.Origin - 1].Value, row.Persistence));
        Assert.All(result.Rows, row => Assert.Equal(rows[row.Origin + row.Step - 13].Value, row.SeasonalNaive));
        Assert.Equal(result.Rows.Average(row => Math.Abs((double)row.Forecast - row.Actual)), result.Metrics.Errors.MeanAbsoluteError, 1e-6);
        Assert.Equal(result.Rows.Average(row => Math.Abs((double)row.Ridge - row.Actual)), result.Metrics.Baselines["Ridge"].MeanAbsoluteError, 1e-6);
        Assert.Single(result.Models);
        Assert.Equal(result.Rows.Select(row => row.Forecast), result.Forecasts.GetColumn<float>("Forecast"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(50)]
    public void Backtest_Refit_TrainsOnTheRowsBeforeEachOriginAlone(int? most)
    {
        var spy = new Spy(_ml.Transforms.CopyColumns("Forecast", "Value"));
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("a", 100).Zip(Rows("b", 90)).SelectMany(pair => new[] { pair.First, pair.Second }));

        BacktestResult result = _ml.Forecasting.Backtest(data, spy, new BacktestOptions
        {
            LabelColumnName = "Value", GroupColumnName = "Series", Horizon = 1, NumberOfOrigins = 4, Stride = 3, RefitEvery = 2, MaximumTrainRows = most, SeasonLength = 12,
        });

        int[] ends = [90 - 1 - 9, 90 - 1 - 3];
        Assert.Equal(2, spy.Seen.Count);
        for (int fit = 0; fit < 2; fit++)
            foreach (string series in (string[])["a", "b"])
                Assert.Equal(Enumerable.Range(0, ends[fit]).TakeLast(most ?? int.MaxValue), spy.Seen[fit].Where(row => row.Series == series).Select(row => row.Number));
        Assert.Equal(8, result.Metrics.ForecastCount);
        // The copied value is persistence.
        Assert.Equal(result.Metrics.Baselines["Persistence"], result.Metrics.Errors);
        Assert.Equal(["a", "b"], result.Metrics.ErrorsBySeries.Keys.Order());
    }

    [Fact]
    public void Backtest_RefitSideBySide_HasTheBitsOfOneAfterTheOther()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 130));
        float[] Run(int parallel) => [.. _ml.Forecasting.Backtest(data, Forecaster(o => { }), new BacktestOptions { NumberOfOrigins = 4, RefitEvery = 1, NumberOfParallelFits = parallel }).Rows.Select(row => row.Forecast)];

        Assert.Equal(Run(1), Run(3));
    }

    [Fact]
    public void Backtest_WarmStart_ContinuesFromTheModelBefore()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 130));
        float[] Run(int? every, bool warm, Action<LstmForecaster.Options> change) => [.. _ml.Forecasting.Backtest(data, Forecaster(change), new BacktestOptions
        {
            NumberOfOrigins = 3, RefitEvery = every, WarmStart = warm,
        }).Rows.Select(row => row.Forecast)];

        // Without a learning rate what is continued stays what it was; trained anew on more rows, it does not.
        float[] once = Run(null, false, o => o.LearningRate = 1e-30f);
        Assert.Equal(once, Run(1, true, o => o.LearningRate = 1e-30f));
        Assert.NotEqual(once, Run(1, false, o => o.LearningRate = 1e-30f));
    }

    [Fact]
    public void Backtest_SeveralTargetsTimesAndIntervals_AreInTheRows()
    {
        var start = new DateTime(2024, 1, 1);
        Row[] rows = [.. Rows("s", 150).Where(row => row.Number != 141)];
        foreach (Row row in rows)
            (row.Time, row.Other) = (start.AddHours(row.Number), 2 * row.Value);
        LstmForecaster forecaster = Forecaster(o =>
        {
            (o.InputColumnNames, o.TimeColumnName, o.GroupColumnName) = (["Value", "Other"], "Time", "Series");
            (o.ConfidenceLowerBoundColumn, o.ConfidenceUpperBoundColumn, o.ConfidenceLevel) = ("Lower", "Upper", 0.8f);
        });

        BacktestResult result = _ml.Forecasting.Backtest(_ml.Data.LoadFromEnumerable(rows), forecaster, numberOfOrigins: 2);

        Assert.Equal(2 * 2 * 6, result.Rows.Count);
        Assert.Equal(0.8, result.Metrics.ConfidenceLevel!.Value, 5);
        Assert.Equal(["s, Other", "s, Value"], result.Metrics.ErrorsBySeries.Keys.Order());
        BacktestForecast missing = Assert.Single(result.Rows, row => row.Target == "Value" && float.IsNaN(row.Actual));
        Assert.Equal(start.AddHours(141), missing.Time);
        Assert.All(result.Rows, row => Assert.Equal(row.OriginTime.AddHours(row.Step), row.Time));
        Assert.All(result.Rows, row => Assert.True(row.LowerBound <= row.Forecast && row.Forecast <= row.UpperBound));
    }

    [Fact]
    public void Backtest_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        var seen = new List<BacktestProgress>();
        var options = new BacktestOptions { NumberOfOrigins = 4, RefitEvery = 1, NumberOfParallelFits = 1, CancellationToken = cancellation.Token };
        options.OriginDone = progress =>
        {
            seen.Add(progress);
            cancellation.Cancel();
        };

        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Forecasting.Backtest(_ml.Data.LoadFromEnumerable(Rows("", 130)), Forecaster(o => { }), options));
        Assert.Equal([new BacktestProgress(1, 4)], seen);
    }

    [Fact]
    public void Backtest_BadOptionsOrTooFewRows_AreNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 20));
        string Message(IEstimator<ITransformer> forecaster, BacktestOptions options) => Assert.ThrowsAny<Exception>(() => _ml.Forecasting.Backtest(data, forecaster, options)).Message;
        IEstimator<ITransformer> copy = _ml.Transforms.CopyColumns("Forecast", "Value");

        Assert.Contains("has 20 rows; expected at least 25: one to train on, 4 origins 6 apart, and the horizon (6)", Message(Forecaster(o => { }), new() { NumberOfOrigins = 4 }));
        Assert.Contains("NumberOfOrigins is 0; expected 1 or more", Message(Forecaster(o => { }), new() { NumberOfOrigins = 0 }));
        Assert.Contains("WarmStart is True; expected false, since RefitEvery is null", Message(Forecaster(o => { }), new() { WarmStart = true }));
        Assert.Contains("LabelColumnName is Other; expected Value, as the forecaster has it, or null", Message(Forecaster(o => { }), new() { LabelColumnName = "Other" }));
        Assert.Contains("LabelColumnName is null; expected the name of a column, since the forecaster is no LstmForecaster", Message(copy, new()));
        Assert.Contains("Horizon is null; expected 1 or more, since the forecaster is no LstmForecaster", Message(copy, new() { LabelColumnName = "Value" }));
        Assert.Contains("WarmStart is True; expected false, since the forecaster is no LstmForecaster", Message(copy, new() { LabelColumnName = "Value", Horizon = 1, RefitEvery = 1, WarmStart = true }));
        Assert.Contains("has 1 values in row 11; expected 2, the horizon", Message(copy, new() { LabelColumnName = "Value", Horizon = 2, NumberOfOrigins = 4 }));
        Assert.Contains("Could not find forecast column 'Nothing'", Message(copy, new() { LabelColumnName = "Value", Horizon = 1, ForecastColumnName = "Nothing" }));
    }

    private LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6, HiddenSizes = [8], NumberOfEpochs = 2, Seed = 4, SeasonLength = 12 };
        change(options);
        return _ml.Forecasting.ForecastByLstm(options);
    }

    private static Row[] Rows(string series, int count) => [.. Enumerable.Range(0, count).Select(i => new Row
    {
        Series = series, Number = i, Value = (float)((10 * Math.Sin(Math.PI * i / 6)) + (0.1 * i) + new Random(i).NextDouble()),
    })];

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public int Number { get; set; }

        public float Value { get; set; }

        public float Other { get; set; }

        public DateTime Time { get; set; }
    }

    /// <summary>Keeps what it was fitted on.</summary>
    private sealed class Spy(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public List<List<(string Series, int Number)>> Seen { get; } = [];

        public ITransformer Fit(IDataView input)
        {
            Seen.Add([.. input.GetColumn<string>("Series").Zip(input.GetColumn<int>("Number"))]);
            return inner.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }
}
