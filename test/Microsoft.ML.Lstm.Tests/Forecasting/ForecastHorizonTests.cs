using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class ForecastHorizonTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void WithHorizon_Shorter_IsTheBeginningOfTheTrainedOne()
    {
        IDataView data = Load(Rows(200));
        LstmForecastingTransformer model = Forecaster(o => { }).Fit(data);

        LstmForecastingTransformer shorter = model.WithHorizon(2);

        Assert.Equal(model.Transform(data).GetColumn<float[]>("Forecast").Select(values => values[..2]), shorter.Transform(data).GetColumn<float[]>("Forecast"));
        Assert.Equal(2, ((VectorDataViewType)shorter.GetOutputSchema(data.Schema)["Forecast"].Type).Size);
        Assert.Equal(6, shorter.Model.Horizon);
    }

    [Fact]
    public void WithHorizon_Longer_FeedsTheMediansBackAndIsSaved()
    {
        Row[] rows = Rows(200);
        IDataView data = Load(rows);
        LstmForecastingTransformer model = Forecaster(o => o.VariableHorizon = true).Fit(data);
        float[][] first = [.. model.Transform(data).GetColumn<float[]>("Forecast")];
        Row[] continued = [.. rows, .. first[^1].Select(value => new Row { Value = value })];
        float[] second = model.Transform(Load(continued)).GetColumn<float[]>("Forecast").Last();
        using var stream = new MemoryStream();
        _ml.Model.Save(model.WithHorizon(10), data.Schema, stream);
        stream.Position = 0;

        float[][] longer = [.. _ml.Model.Load(stream, out _).Transform(data).GetColumn<float[]>("Forecast")];

        Assert.Equal([.. first[^1], .. second[..4]], longer[^1]);
        Assert.Equal(longer[^1], model.Model.Forecast([.. rows.Select(row => row.Value)], horizon: 10).Values);
        Assert.Equal(first[50], longer[50][..6]);
    }

    [Fact]
    public void Forecast_BeyondTheTrainedHorizonOfADirectForecaster_IsRefused()
    {
        LstmForecastingTransformer model = Forecaster(o => { }).Fit(Load(Rows(120)));

        Assert.Contains("horizon is 7; expected 1 to 6, the horizon that it was trained for, since VariableHorizon is False", Assert.Throws<ArgumentOutOfRangeException>(() => model.WithHorizon(7)).Message);
        Assert.Contains("horizon is 0; expected 1 to 6", Assert.Throws<ArgumentOutOfRangeException>(() => model.Model.Forecast([1, 2, 3], horizon: 0)).Message);
        LstmForecastingTransformer past = Forecaster(o => (o.VariableHorizon, o.PastCovariateColumnNames) = (true, ["Known"])).Fit(Load(Rows(120)));
        Assert.Contains("column 'Known' is a past covariate", Assert.Throws<ArgumentOutOfRangeException>(() => past.WithHorizon(7)).Message);
    }

    [Fact]
    public void WithHorizon_LongerThanFutureCovariatesReach_IsNaNFromThere()
    {
        Row[] rows = Rows(160);
        for (int i = 150; i < 160; i++)
            rows[i].Value = float.NaN;
        LstmForecastingTransformer model = Forecaster(o => (o.VariableHorizon, o.FutureCovariateColumnNames) = (true, ["Known"])).Fit(Load(rows)).WithHorizon(15);

        float[] forecast = model.Transform(Load(rows)).GetColumn<float[]>("Forecast").ElementAt(149);

        Assert.All(forecast[..6], value => Assert.True(float.IsFinite(value)));
        Assert.All(forecast[6..], value => Assert.True(float.IsNaN(value)));
        // Two rows earlier the second horizon's covariates are known to its end.
        Assert.All(model.Transform(Load(rows)).GetColumn<float[]>("Forecast").ElementAt(147)[..12], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Forecast_RandomWalkBeyondTheHorizon_HasIntervalsThatWidenAndCover()
    {
        var random = new Random(3);
        float level = 0;
        Row[] rows = [.. Enumerable.Range(0, 3000).Select(_ => new Row { Value = level += (float)((2 * random.NextDouble()) - 1) })];
        LstmForecastingTransformer model = Forecaster(o => (o.VariableHorizon, o.ConfidenceLowerBoundColumn, o.ConfidenceUpperBoundColumn, o.ConfidenceLevel, o.SeasonLength) = (true, "Lower", "Upper", 0.8f, 1))
            .Fit(Load(rows[..2000])).WithHorizon(24);

        IDataView scored = model.Transform(Load(rows[1900..]));
        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(scored, "Value", lowerBoundColumnName: "Lower", upperBoundColumnName: "Upper", confidenceLevel: 0.8, seasonLength: 1);

        Assert.InRange(metrics.CoverageByHorizon[5], 0.7, 0.9);
        Assert.InRange(metrics.CoverageByHorizon[^1], 0.7, 0.92);
        (float[] lower, float[] upper) = (scored.GetColumn<float[]>("Lower").Last(), scored.GetColumn<float[]>("Upper").Last());
        Assert.True(upper[23] - lower[23] > 1.5 * (upper[5] - lower[5]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forecast_SamplePaths_AreSeededAndSpreadAsTheIntervals(bool intervals)
    {
        Row[] rows = Rows(1500);
        LstmForecastingTransformer model = Forecaster(o =>
        {
            o.VariableHorizon = true;
            if (intervals)
                (o.ConfidenceLowerBoundColumn, o.ConfidenceUpperBoundColumn, o.ConfidenceLevel) = ("Lower", "Upper", 0.8f);
        }).Fit(Load(rows));
        float[] history = [.. rows.Select(row => row.Value)];

        ForecastResult drawn = model.Model.Forecast(history, horizon: 9, samplePaths: 400, seed: 5);

        Assert.Equal(400, drawn.SamplePaths.Count);
        Assert.All(drawn.SamplePaths, path => Assert.Equal(9, path.Count));
        Assert.Equal(drawn.SamplePaths, model.Model.Forecast(history, horizon: 9, samplePaths: 400, seed: 5).SamplePaths);
        Assert.NotEqual(drawn.SamplePaths, model.Model.Forecast(history, horizon: 9, samplePaths: 400, seed: 6).SamplePaths);
        Assert.Equal(model.Model.Forecast(history, horizon: 9).Values, drawn.Values);
        if (intervals)
            for (int h = 0; h < 6; h++)
                Assert.InRange(drawn.SamplePaths.Average(path => path[h] >= drawn.LowerBounds[h] && path[h] <= drawn.UpperBounds[h] ? 1.0 : 0), 0.7, 0.9);
    }

    [Fact]
    public void Load_ForecasterWithSamplePaths_DrawsTheSame()
    {
        Row[] rows = Rows(300);
        LstmForecastingTransformer model = Forecaster(o => { }).Fit(Load(rows));
        float[] history = [.. rows.Select(row => row.Value)];
        using var stream = new MemoryStream();
        _ml.Model.Save(model, null, stream);
        stream.Position = 0;

        var loaded = (LstmForecastingTransformer)_ml.Model.Load(stream, out _);

        Assert.Equal(model.Model.Forecast(history, samplePaths: 5).SamplePaths, loaded.Model.Forecast(history, samplePaths: 5).SamplePaths);
    }

    [Fact]
    public void Forecast_SamplePathsWithoutHeldOutWindows_AreRefused()
    {
        LstmForecastingTransformer model = Forecaster(o => o.ValidationFraction = 0).Fit(Load(Rows(120)));

        Assert.Contains("no residuals of held-out windows", Assert.Throws<InvalidOperationException>(() => model.Model.Forecast([1, 2, 3], samplePaths: 1)).Message);
        Assert.Contains("samplePaths is -1; expected 0 to 100000", Assert.Throws<ArgumentOutOfRangeException>(() => model.Model.Forecast([1, 2, 3], samplePaths: -1)).Message);
    }

    [Fact]
    public void SessionForecast_BeyondTheTrainedHorizon_GivesTheBitsOfTransform()
    {
        Row[] rows = Rows(200);
        LstmForecastingTransformer model = Forecaster(o => (o.VariableHorizon, o.ConfidenceLowerBoundColumn, o.ConfidenceUpperBoundColumn) = (true, "Lower", "Upper")).Fit(Load(rows)).WithHorizon(15);
        IDataView batch = model.Transform(Load(rows));
        ForecastSession session = model.Model.CreateSession();
        using SequenceEngine<Row, Output> engine = model.CreateSequenceEngine<Row, Output>(_ml);
        Output streamed = new();
        foreach (Row row in rows)
        {
            session.Append(row.Value);
            streamed = engine.Predict(row)!;
        }

        ForecastResult result = session.Forecast(horizon: 15);

        Assert.Equal(batch.GetColumn<float[]>("Forecast").Last(), result.Values);
        Assert.Equal(batch.GetColumn<float[]>("Lower").Last(), result.LowerBounds);
        Assert.Equal(batch.GetColumn<float[]>("Upper").Last(), result.UpperBounds);
        Assert.Equal(result.Values, streamed.Forecast);
        Assert.Equal(result.UpperBounds, streamed.Upper);
        Assert.Equal(result.Values.Take(2), session.Forecast(horizon: 2).Values);
        Assert.Equal(6, session.Forecast().Values.Count);
    }

    [Fact]
    public void SessionForecast_BeyondTheHorizonWithCovariatesOfTheFuture_NeedsThemToTheEnd()
    {
        Row[] rows = Rows(172);
        Row[] trained = [.. rows.Select((row, i) => i < 160 ? row : new Row { Value = float.NaN, Known = row.Known })];
        LstmForecastingTransformer model = Forecaster(o => (o.VariableHorizon, o.FutureCovariateColumnNames) = (true, ["Known"])).Fit(Load(trained)).WithHorizon(8);
        float[] batch = model.Transform(Load(trained)).GetColumn<float[]>("Forecast").ElementAt(159);
        ForecastSession session = model.Model.CreateSession();
        using SequenceEngine<Row, Output> engine = model.CreateSequenceEngine<Row, Output>(_ml);
        foreach (Row row in rows[..159])
            engine.Predict(row);
        foreach (Row row in rows[..160])
            session.Append(new ForecastRow { Targets = [row.Value], FutureCovariates = [row.Known] });
        ForecastRow[] future = [.. rows[160..].Select(row => new ForecastRow { FutureCovariates = [row.Known] })];

        Assert.Equal(batch, session.Forecast(future, horizon: 8).Values);
        Assert.Equal(batch, engine.Predict(rows[159], null, null, rows[160..])!.Forecast);
        Assert.Contains("future is 11 rows; expected 12, 2 times the horizon of 6 that is forecast at once",
            Assert.Throws<ArgumentException>(() => session.Forecast(future[..11], horizon: 8)).Message);
        Assert.Contains("future is 11 rows; expected 12", Assert.ThrowsAny<ArgumentException>(() => engine.Predict(rows[159], null, null, rows[160..171])).Message);
    }

    [Fact]
    public void SessionForecast_BeyondTheLastDate_NamesTheSeriesOrNeedsNoDates()
    {
        Dated[] rows = [.. Rows(200).Select((row, i) => new Dated { Value = row.Value, Date = new DateTime(9999, 12, 28).AddDays(i - 199) })];
        LstmForecastingTransformer Fit(CalendarFeatures calendar) =>
            Forecaster(o => (o.VariableHorizon, o.TimeColumnName, o.CalendarFeatures, o.Horizon) = (true, "Date", calendar, 3)).Fit(_ml.Data.LoadFromEnumerable(rows));
        ForecastResult Forecast(LstmForecastingTransformer model)
        {
            ForecastSession session = model.Model.CreateSession();
            foreach (Dated row in rows)
                session.Append(row.Value, row.Date);
            return session.Forecast(horizon: 6);
        }

        Assert.All(Forecast(Fit(CalendarFeatures.None)).Values, value => Assert.True(float.IsFinite(value)));
        string message = Assert.Throws<InvalidOperationException>(() => Forecast(Fit(CalendarFeatures.DayOfWeek))).Message;
        Assert.Contains("is from 9999-12-31 00:00:00; expected dates for the 1 times 1 day after it", message);
    }

    private LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6, HiddenSizes = [8], NumberOfEpochs = 2, Seed = 4, SeasonLength = 12 };
        change(options);
        return _ml.Forecasting.ForecastByLstm(options);
    }

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new Row { Value = (float)((10 * Math.Sin(Math.PI * i / 6)) + new Random(i).NextDouble()), Known = i % 3 })];

    private sealed class Dated
    {
        public DateTime Date { get; set; }

        public float Value { get; set; }
    }

    private sealed class Output
    {
        public float[] Forecast { get; set; } = [];

        public float[] Upper { get; set; } = [];
    }

    private sealed class Row
    {
        public float Value { get; set; }

        public float Known { get; set; }
    }
}
