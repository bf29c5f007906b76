using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class ContinuedForecastTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Fit_WithoutLearningRate_IsTheInitialForecaster()
    {
        IDataView data = Load(Rows(0, 200, level: 0));
        LstmForecastingTransformer first = Forecaster(o => o.NumberOfModels = 2).Fit(data);

        LstmForecastingTransformer second = Forecaster(o => (o.LearningRate, o.NumberOfModels) = (1e-30f, 2)).Fit(Load(Rows(200, 300, level: 50)), first);

        Assert.Equal(first.Transform(data).GetColumn<float[]>("Forecast").ToArray(), second.Transform(data).GetColumn<float[]>("Forecast").ToArray());
    }

    [Fact]
    public void Fit_ResumedWhereTrainingIsWorseThanTheLinearForecast_KeepsThatAsUninterrupted()
    {
        IDataView data = Load(Rows(0, 200, level: 0));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        void Harmful(LstmForecaster.Options options, int epochs) => (options.LearningRate, options.NumberOfEpochs) = (0.5f, epochs);
        LstmForecastingTransformer whole = Forecaster(o => Harmful(o, 2)).Fit(data), linear = Forecaster(o => Harmful(o, 1)).Fit(data);

        _ = Forecaster(o =>
        {
            Harmful(o, 1);
            o.CheckpointPath = path;
        }).Fit(data);
        LstmForecastingTransformer resumed = Forecaster(o =>
        {
            Harmful(o, 2);
            o.ResumeFrom = path;
        }).Fit(data);
        File.Delete(path);

        Assert.Equal(linear.Model.Fingerprint, whole.Model.Fingerprint);
        Assert.Equal(whole.Model.Fingerprint, resumed.Model.Fingerprint);
    }

    [Fact]
    public void Fit_ShiftedShortSeries_IsForecastBetterThanFromScratchInAsFewEpochs()
    {
        // Without a linear forecast, which has nothing to learn twice.
        LstmForecastingTransformer first = Forecaster(o => (o.NumberOfEpochs, o.LinearSkip) = (15, false)).Fit(Load(Rows(0, 800, level: 0)));
        Row[] shifted = Rows(1000, 1200, level: 300);
        IDataView known = Load(shifted[..70]), all = Load(shifted);

        LstmForecaster brief = Forecaster(o => (o.NumberOfEpochs, o.RefitOnAllRows, o.LinearSkip) = (2, false, false));
        double continued = Error(brief.Fit(known, first)), scratch = Error(brief.Fit(known));

        Assert.True(continued < 0.8 * scratch, $"{continued} against {scratch}");

        double Error(LstmForecastingTransformer model) =>
            _ml.Forecasting.EvaluateForecast(_ml.Data.SkipRows(model.Transform(all), 69), "Value", seasonLength: 12).Errors.MeanAbsoluteError;
    }

    [Fact]
    public void Fit_FrozenEncoder_ChangesTheForecastsAlone()
    {
        LstmForecastingTransformer first = Forecaster(_ => { }).Fit(Load(Rows(0, 300, level: 0)));

        LstmForecastingTransformer second = Forecaster(o => (o.FrozenLayers, o.ValidationFraction) = (1, 0)).Fit(Load(Rows(300, 600, level: 0)), first);

        IDataView test = Load(Rows(600, 700, level: 0));
        Assert.NotEqual(first.Transform(test).GetColumn<float[]>("Forecast").Last(), second.Transform(test).GetColumn<float[]>("Forecast").Last());
    }

    [Fact]
    public void Fit_WhatIsNotTheInitialForecasters_IsNamed()
    {
        IDataView data = Load(Rows(0, 200, level: 0));
        LstmForecastingTransformer first = Forecaster(_ => { }).Fit(data);
        string Message(Action<LstmForecaster.Options> change) => Assert.Throws<ArgumentException>(() => Forecaster(change).Fit(data, first)).Message;

        Assert.Contains("WindowSize is 36; expected 24, as the initial model has", Message(o => o.WindowSize = 36));
        Assert.Contains("Horizon is 7; expected 6, as the initial model has", Message(o => o.Horizon = 7));
        Assert.Contains("HiddenSizes is [9]; expected [16], as the initial model has", Message(o => o.HiddenSizes = [9]));
        Assert.Contains("SegmentLength is 3; expected", Message(o => o.SegmentLength = 3));
        Assert.Contains("NumberOfModels is 2; expected 1, as the initial model has", Message(o => o.NumberOfModels = 2));
        Assert.Contains("LinearSkip is False; expected True, as the initial model has", Message(o => o.LinearSkip = false));
        Assert.Contains("ConfidenceLevel is bounds at [0.25, 0.75]; expected bounds at [], as the initial model has",
            Message(o => (o.ConfidenceLowerBoundColumn, o.ConfidenceUpperBoundColumn, o.ConfidenceLevel) = ("L", "U", 0.5f)));
        Assert.Contains("FrozenLayers is 1; expected 0, since there is no initial model", Assert.Throws<ArgumentException>(() => Forecaster(o => o.FrozenLayers = 1).Fit(data)).Message);
    }

    private LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6, HiddenSizes = [16], NumberOfEpochs = 2, Seed = 4, SeasonLength = 12 };
        change(options);
        return _ml.Forecasting.ForecastByLstm(options);
    }

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    // What a line through the window cannot say: the season's size depends on where the value before stood.
    private static Row[] Rows(int first, int end, float level) => [.. Enumerable.Range(first, end - first).Select(i => new Row
    {
        Value = level + (float)((10 * Math.Abs(Math.Sin(Math.PI * i / 12))) + (5 * Math.Sign(Math.Sin(2 * Math.PI * i / 12))) + new Random(i).NextDouble()),
    })];

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
