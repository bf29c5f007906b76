using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Tests.Search;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>What a forecaster of several series takes of linear forecasts that each of them has of its own.</summary>
public sealed class LocalForecastsTests
{
    private const int Window = 24, Horizon = 6, Rows = 240, Future = 48;

    /// <summary>Series whose seasons differ, of which one network of few epochs learns little.</summary>
    public static readonly int[] Seasons = [5, 7, 8, 11];

    private static readonly Lazy<LstmForecastingTransformer> s_local = new(() => Train(_ => { }));
    private static readonly Lazy<LstmForecastingTransformer> s_global = new(() => Train(o => o.LocalForecasts = false));

    [Fact]
    public void Fit_SeriesUnlikeEachOther_AreForecastBetterByTheirOwn()
    {
        Assert.InRange(s_local.Value.Model.NetworkShare, 0, 0.9f);
        Assert.Equal(1, s_global.Value.Model.NetworkShare);
        double local = Error(s_local.Value), global = Error(s_global.Value);
        Assert.True(local < 0.8 * global, $"{local} with forecasts of each series' own, {global} without");
    }

    [Theory]
    [InlineData("new", Window)]
    [InlineData(null, Window)]
    [InlineData("S1", 3)]
    public void Forecast_OfASeriesNotSeenOrOfAShortPast_IsTheNetworks(string? series, int rows)
    {
        ForecastModel model = s_local.Value.Model;
        float[] history = [.. Enumerable.Range(0, rows).Select(i => Value(1, i))];

        Assert.Equal(s_global.Value.Model.Forecast(history, series).Values, model.Forecast(history, series).Values);
    }

    [Fact]
    public void SaveAndLoad_KeepsThem()
    {
        ForecastModel model = s_local.Value.Model;
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "forecaster.safetensors");
        model.Save(path);
        ForecastModel loaded = ForecastModel.Load(path);

        Assert.Equal(model.Fingerprint, loaded.Fingerprint);
        Assert.Equal(model.NetworkShare, loaded.NetworkShare);
        Assert.NotEqual(model.Fingerprint, s_global.Value.Model.Fingerprint);
        float[] history = [.. Enumerable.Range(0, Window).Select(i => Value(3, i))];
        Assert.Equal(model.Forecast(history, "S3").Values, loaded.Forecast(history, "S3").Values);
        Assert.Equal(model.NetworkShare, model.WithPrecision(WeightPrecision.BFloat16).NetworkShare);
    }

    [Fact]
    public void Session_ForecastsAsTransformDoes()
    {
        LstmForecastingTransformer transformer = s_local.Value;
        ForecastSession session = transformer.Model.CreateSession("S0");
        for (int i = 0; i < Rows; i++)
            session.Append(Value(0, i));

        float[] expected = transformer.Transform(Load(Rows)).GetColumn<float[]>("Forecast").ElementAt(Rows - 1);

        Assert.Equal(expected, session.Forecast().Values);
    }

    [Fact]
    public void Explain_ContributionsAddUpToTheForecast()
    {
        ForecastModel model = s_local.Value.Model;
        ForecastSession session = model.CreateSession("S1");
        for (int i = 0; i < Rows; i++)
            session.Append(Value(1, i));

        ForecastExplanation explanation = model.Explain(session, step: 2, points: 200);

        Assert.Equal(session.Forecast().Values[1], explanation.Forecast, 1e-3);
        double size = explanation.Contributions.Sum(c => Math.Abs(c.Value));
        Assert.True(Math.Abs(explanation.Remainder) < 0.01 * size, $"{explanation.Remainder} is left");
    }

    [Fact]
    public void Fit_Continued_KeepsThem()
    {
        // Of a network that does not change the forecasts neither do.
        LstmForecaster forecaster = Forecaster(o => (o.NumberOfEpochs, o.LearningRate) = (1, 1e-12f));
        ForecastModel first = s_local.Value.Model, continued = forecaster.Fit(Load(Rows), s_local.Value).Model;
        float[] history = [.. Enumerable.Range(0, Window).Select(i => Value(1, i))];

        Assert.Equal(first.NetworkShare, continued.NetworkShare);
        IReadOnlyList<float> values = first.Forecast(history, "S1").Values, found = continued.Forecast(history, "S1").Values;
        Assert.All(values.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Fit_ContinuedWithoutThem_LeavesThemOut() =>
        Assert.Equal(1, Forecaster(o => (o.NumberOfEpochs, o.LocalForecasts) = (1, false)).Fit(Load(Rows), s_local.Value).Model.NetworkShare);

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public void Fit_RowsHeldOut_AreLearnedInTheEndUnlessRefitOnAllRowsIsFalse(bool? refits)
    {
        // An anomaly detector measures on them what is ordinary. Turned round they change what is learned, but hardly the series' unit.
        const int Changed = 15;
        float[] asTheyAre = Weights(i => i), turned = Weights(i => i < Rows - Changed ? i : (2 * Rows) - Changed - 1 - i);
        double apart = asTheyAre.Zip(turned).Max(pair => Math.Abs((double)pair.First - pair.Second));

        Assert.True(refits == false == apart < 0.01, $"{apart}");

        float[] Weights(Func<int, int> change)
        {
            using var folder = new TemporaryFolder();
            string path = Path.Combine(folder.Path, "forecaster.safetensors");
            Forecaster(o => (o.RefitOnAllRows, o.Logarithms) = (refits, false)).Fit(Load(Rows, change: change)).Model.Save(path);
            using FileStream stream = File.OpenRead(path);
            return new SafetensorsReader(stream).Values<float>("local_forecasts").ToArray();
        }
    }

    [Fact]
    public void Fit_OnlyWhereTheyBelong()
    {
        Assert.Equal(1, Train(o => (o.LinearSkip, o.NumberOfEpochs) = (false, 1)).Model.NetworkShare);
        Assert.Equal(1, Train(o => (o.ValidationFraction, o.NumberOfEpochs) = (0, 1)).Model.NetworkShare);
        Assert.Equal(1, Train(o => (o.GroupColumnName, o.NumberOfEpochs) = (null, 1), series: 1).Model.NetworkShare);
    }

    private static double Error(LstmForecastingTransformer transformer)
    {
        double sum = 0;
        for (int series = 0; series < Seasons.Length; series++)
            for (int origin = Rows; origin <= Rows + Future - Horizon; origin++)
            {
                float[] history = [.. Enumerable.Range(origin - Window, Window).Select(i => Value(series, i))];
                IReadOnlyList<float> values = transformer.Model.Forecast(history, $"S{series}").Values;
                for (int h = 0; h < Horizon; h++)
                    sum += Math.Abs(values[h] - Value(series, origin + h));
            }
        return sum;
    }

    private static LstmForecastingTransformer Train(Action<LstmForecaster.Options> change, int series = 4) =>
        Forecaster(change).Fit(Load(Rows, series));

    private static LstmForecaster Forecaster(Action<LstmForecaster.Options> change)
    {
        var options = new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = Window,
            Horizon = Horizon,
            SeasonLength = 1,
            HiddenSizes = [6],
            NumberOfEpochs = 3,
            Seed = 1,
            NumberOfThreads = 1,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
        };
        change(options);
        return new MLContext(1).Forecasting.ForecastByLstm(options);
    }

    private static IDataView Load(int rows, int series = 4, Func<int, int>? change = null) => new MLContext(1).Data.LoadFromEnumerable(
        from s in Enumerable.Range(0, series)
        from row in Enumerable.Range(0, rows)
        select new Row { Series = $"S{s}", Value = Value(s, change?.Invoke(row) ?? row) });

    private static float Value(int series, int row)
    {
        double turn = 2 * Math.PI * row / Seasons[series];
        return (float)(10 + (3 * series) + (5 * Math.Sin(turn)) + (2 * Math.Cos(2 * turn)) + new Random((series * 1000) + row).NextDouble());
    }

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }
    }
}
