using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

public sealed class EvaluateForecastTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void EvaluateForecast_PersistenceAsForecast_EqualsItsBaseline()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 60, i => (i * i) % 17, (now, h) => now));

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value), seasonLength: 4);

        Assert.Equal(57, metrics.ForecastCount);
        Assert.Equal(3, metrics.ErrorsByHorizon.Count);
        Assert.Equal(metrics.Baselines["Persistence"], metrics.Errors);
        Assert.DoesNotContain("Persistence", metrics.BeatenBy);
        Assert.False(metrics.Baselines.ContainsKey("Ridge"));
    }

    [Fact]
    public void EvaluateForecast_PerfectForecast_HasNoErrorAndIsBeatenByNone()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 40, i => i % 5, (now, h) => (now + h) % 5));

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value), trainData: data);

        Assert.Equal(0, metrics.Errors.MeanAbsoluteError);
        Assert.Equal(5, metrics.SeasonLength);
        Assert.Empty(metrics.BeatenBy);
        Assert.True(metrics.Baselines["Ridge"].MeanAbsoluteError < 0.05);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EvaluateForecast_SeveralSeries_AreKeptApart(bool alternating)
    {
        Row[] a = Rows("a", 30, i => i, (now, h) => now + h), b = Rows("b", 30, i => 1000 - i, (now, h) => now);
        IDataView data = _ml.Data.LoadFromEnumerable(alternating ? a.Zip(b).SelectMany(pair => new[] { pair.First, pair.Second }) : a.Concat(b));

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value), groupColumnName: nameof(Row.Series));

        Assert.Equal(54, metrics.ForecastCount);
        Assert.Equal(0, metrics.ErrorsBySeries["a"].MeanAbsoluteError);
        Assert.Equal(2, metrics.ErrorsBySeries["b"].MeanAbsoluteError, 5);
        Assert.Equal(1, metrics.ErrorsByHorizon[1].MeanAbsoluteError, 5);
    }

    [Fact]
    public void EvaluateForecast_Intervals_GivesCoverage()
    {
        // The next value is this one plus 0 or 1; the interval reaches half of them.
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 101, i => i / 2, (now, h) => now));

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(
            data, nameof(Row.Value), lowerBoundColumnName: nameof(Row.Lower), upperBoundColumnName: nameof(Row.Upper), confidenceLevel: 0.5, seasonLength: 1);

        Assert.Equal(0.5, metrics.CoverageByHorizon[0], 0.02);
        Assert.Equal(1, metrics.MeanIntervalWidth, 5);
        Assert.True(metrics.MeanPinballLoss > 0);
        Assert.Contains("covers", metrics.ToString());
    }

    [Fact]
    public void EvaluateForecast_MissingForecastOrValue_IsNotCompared()
    {
        Row[] rows = Rows("", 20, i => i, (now, h) => now + h);
        rows[0].Forecast = [float.NaN, float.NaN, float.NaN];
        rows[10].Value = float.NaN;

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(_ml.Data.LoadFromEnumerable(rows), nameof(Row.Value), seasonLength: 1);

        Assert.Equal(16 * 3 - 3, metrics.Errors.Count);
        Assert.Equal(0, metrics.Errors.MeanAbsoluteError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(40)]
    public void EvaluateForecast_RowsThatGoOnOrBeginInTheTrainingRows_HaveThoseAsHistory(int first)
    {
        // The season before the first row to be forecast lies in the training rows.
        Row[] rows = Rows("", 60, i => (i * i) % 7 + i, (now, h) => now);
        Row[] train = rows[..40], test = [.. rows[first..].Select((row, i) => row with { Forecast = i + first < 40 ? [float.NaN, 0, 0] : row.Forecast })];

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(_ml.Data.LoadFromEnumerable(test), nameof(Row.Value), seasonLength: 7, trainData: _ml.Data.LoadFromEnumerable(train));

        Assert.Equal(17, metrics.ForecastCount);
        // What was a season ago is 7 less, but for the season's own repetition.
        Assert.Equal(7, metrics.Baselines["SeasonalNaive"].MeanAbsoluteError, 4);
    }

    [Fact]
    public void EvaluateForecast_VectorLabelOfARegressor_IsComparedRowByRowBesideTheWindowsBaselines()
    {
        Row[] rows = Rows("", 200, i => 10 * MathF.Sin(MathF.PI * i / 6) + i, (now, h) => now);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        var windows = _ml.Transforms.WindowSequence("Window", [nameof(Row.Value)], windowLength: 24, horizon: 4, labelColumnName: "Next");
        ITransformer model = windows.Append(_ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 2)).Fit(data);

        ForecastMetrics metrics = _ml.Forecasting.EvaluateForecast(model.Transform(data), "Next", "Score", seasonLength: 12);

        Assert.Equal(4, metrics.ErrorsByHorizon.Count);
        Assert.Equal(200 - 24 - 4 + 1, metrics.ForecastCount);
        Assert.Equal(12, metrics.Baselines["SeasonalNaive"].MeanAbsoluteError, 0.01);
        double persistence = Enumerable.Range(23, (int)metrics.ForecastCount).SelectMany(i => Enumerable.Range(1, 4).Select(h => Math.Abs(rows[i + h].Value - rows[i].Value))).Average();
        Assert.Equal(persistence, metrics.Baselines["Persistence"].MeanAbsoluteError, 1e-3);
        double own = model.Transform(data).GetColumn<float[]>("Score").Zip(model.Transform(data).GetColumn<float[]>("Next")).SelectMany(pair => pair.First.Zip(pair.Second, (s, y) => Math.Abs((double)s - y))).Average();
        Assert.Equal(own, metrics.Errors.MeanAbsoluteError, 1e-4);
    }

    [Fact]
    public void EvaluateForecast_BadInput_IsNamed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("", 3, i => i, (now, h) => now));
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Forecasting.EvaluateForecast(data, "Nothing"));
        Assert.Contains("label column 'Nothing'", missing.Message);
        var vector = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Forecasting.EvaluateForecast(data, nameof(Row.Pair)));
        Assert.Contains("label column 'Pair': expected Single, one value of the series in each row, or 3 values, those that column 'Forecast' forecasts", vector.Message);
        var bound = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value), lowerBoundColumnName: nameof(Row.Lower)));
        Assert.Contains("upperBoundColumnName is null; expected the name of a column", bound.Message);
        var level = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value), confidenceLevel: 95));
        Assert.Contains("confidenceLevel is 95; expected more than 0 and less than 1", level.Message);
        var none = Assert.Throws<InvalidOperationException>(() => _ml.Forecasting.EvaluateForecast(data, nameof(Row.Value)));
        Assert.Contains("followed by 3 rows", none.Message);
    }

    private static Row[] Rows(string series, int count, Func<int, float> value, Func<float, int, float> forecast) => [.. Enumerable.Range(0, count).Select(i =>
    {
        float[] values = [.. Enumerable.Range(1, 3).Select(h => forecast(value(i), h))];
        return new Row { Series = series, Value = value(i), Forecast = values, Lower = [.. values.Select(v => v - 0.5f)], Upper = [.. values.Select(v => v + 0.5f)] };
    })];

    private sealed record Row
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }

        [VectorType(3)]
        public float[] Forecast { get; set; } = [];

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];

        [VectorType(3)]
        public float[] Lower { get; set; } = [];

        [VectorType(3)]
        public float[] Upper { get; set; } = [];
    }
}
