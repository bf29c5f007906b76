using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class ForecastLogarithmsTests
{
    private const int Horizon = 6;
    private static readonly LstmForecastingTransformer s_model = Forecaster(o => { }).Fit(Load(Rows(150, 1)));
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Fit_SwingThatGrowsWithTheLevel_IsContinuedInProportion()
    {
        float[] all = Rows(150 + Horizon, 1);
        ForecastResult forecast = s_model.Model.Forecast(all[..150]);
        float[] plain = [.. Forecaster(o => o.Logarithms = false).Fit(Load(all[..150])).Model.Forecast(all[..150]).Values];

        Assert.Single(s_model.Model.LogarithmicSeriesNames);
        double own = Error(forecast.Values), other = Error(plain);
        Assert.True(own < other && own < 0.06, $"{own} against {other}");
        Assert.All(forecast.LowerBounds.Zip(forecast.Values, forecast.UpperBounds), step => Assert.True(0 < step.First && step.First <= step.Second && step.Second <= step.Third));

        double Error(IReadOnlyList<float> values) => values.Select((value, h) => Math.Abs((value / all[150 + h]) - 1)).Average();
    }

    [Fact]
    public void Load_ForecasterOfLogarithms_GivesTheSameBitsInEveryWay()
    {
        float[] values = Rows(150, 1);
        IDataView data = Load(values);
        using var stream = new MemoryStream();
        _ml.Model.Save(s_model, data.Schema, stream);
        stream.Position = 0;

        var loaded = (LstmForecastingTransformer)_ml.Model.Load(stream, out _);

        float[][] forecasts = [.. s_model.Transform(data).GetColumn<float[]>("Forecast")];
        Assert.Equal(forecasts, loaded.Transform(data).GetColumn<float[]>("Forecast"));
        ForecastSession session = loaded.Model.CreateSession();
        foreach (float value in values)
            session.Append(value);
        Assert.Equal(forecasts[^1], session.Forecast().Values);
    }

    [Fact]
    public void Forecast_LongerHorizonAndPaths_StaysPositive()
    {
        float[] values = Rows(150, 1);

        ForecastResult forecast = s_model.Model.Forecast(values, horizon: 20, samplePaths: 50);

        Assert.All(forecast.LowerBounds, bound => Assert.True(bound > 0));
        Assert.All(forecast.SamplePaths.SelectMany(path => path), value => Assert.True(value > 0 && float.IsFinite(value)));
        double[] spread = [.. Enumerable.Range(0, 2).Select(h => forecast.SamplePaths.Average(path => Math.Abs(path[h * 19] - forecast.Values[h * 19])))];
        Assert.True(spread[1] > spread[0], $"{spread[0]}, {spread[1]}");
    }

    [Fact]
    public void Explain_Logarithms_AddUpToTheLogarithmOfTheForecast()
    {
        ForecastSession session = s_model.Model.CreateSession();
        foreach (float value in Rows(150, 1))
            session.Append(value);

        ForecastExplanation explanation = s_model.Model.Explain(session, step: 3);

        Assert.True(explanation.IsLogarithmic);
        Assert.Equal(Math.Log(session.Forecast().Values[2]), explanation.Forecast, 1e-4);
        Assert.Equal(explanation.Forecast, explanation.Level + explanation.Base + explanation.Contributions.Sum(one => one.Value) + explanation.Remainder, 1e-6);
        Assert.StartsWith("In logarithms: ", explanation.ToString());
    }

    [Fact]
    public void DetectAnomaly_Logarithms_BoundsAreInTheSeriesOwnUnit()
    {
        float[] values = Rows(150, 1);
        values[140] *= 3;
        var detector = _ml.Transforms.DetectAnomalyByLstm("Scores", "Value", 24, confidenceLevel: 0.9).Fit(Load(values[..130]));

        double[][] scores = [.. detector.Transform(Load(values)).GetColumn<double[]>("Scores")];

        Assert.Equal(1, scores[140][0]);
        Assert.InRange(scores[140][3], scores[140][4], scores[140][5]);
        Assert.InRange(scores[139][3] / values[139], 0.9, 1.1);
    }

    [Fact]
    public void Transform_SeriesOfEitherKindAndOneNotSeen_AreEachMeasuredTheirOwnWay()
    {
        Grouped[] rows = [.. Enumerable.Range(0, 3).SelectMany(s => Rows(120, 1).Select((value, i) => new Grouped { Series = "s" + s, Value = s == 2 ? (float)Math.Sin(i) : value * (s + 1) }))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var model = Forecaster(o => o.GroupColumnName = "Series").Fit(data);

        Assert.Equal(["s0", "s1"], model.Model.LogarithmicSeriesNames);
        Grouped[] unseen = [.. Rows(120, 1).Select(value => new Grouped { Series = "new", Value = value * 50 }), .. Rows(120, 1).Select(value => new Grouped { Series = "signed", Value = value - 200 })];
        float[][] forecasts = [.. model.Transform(_ml.Data.LoadFromEnumerable(unseen)).GetColumn<float[]>("Forecast")];
        Assert.All(forecasts[119], value => Assert.InRange(value, 50f, float.MaxValue));
        Assert.All(forecasts[239], value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Fit_LogarithmsOfAValueThatIsNotPositive_NamesColumnRowAndValue()
    {
        float[] values = Rows(100, 1);
        values[41] = -2;

        string message = Assert.Throws<InvalidOperationException>(() => Forecaster(o => o.Logarithms = true).Fit(Load(values))).Message;

        Assert.Equal("Column 'Value' has -2 in its row 41; expected positive values, since Logarithms is true.", message);
    }

    private static LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            WindowSize = 24,
            Horizon = Horizon,
            SeasonLength = 12,
            HiddenSizes = [16],
            NumberOfEpochs = 10,
            VariableHorizon = true,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
        };
        change(options);
        return new MLContext(seed: 1).Forecasting.ForecastByLstm(options);
    }

    private static IDataView Load(float[] values) => new MLContext().Data.LoadFromEnumerable(values.Select(value => new Row { Value = value }));

    // Growth with a season and noise in proportion to the level.
    private static float[] Rows(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => (float)(100 * Math.Exp((0.02 * i) + (0.4 * Math.Sin(2 * Math.PI * i / 12)) + (0.03 * new Random((1000 * seed) + i).NextDouble()))))];

    private sealed class Row
    {
        public float Value { get; set; }
    }

    private sealed class Grouped
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }
    }
}
