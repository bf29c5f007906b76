using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Core.Tests.Baselines;

public sealed class RidgeForecasterTests
{
    [Theory]
    [InlineData(24, 12)]
    [InlineData(40, 3)]
    public void Forecast_SeasonOnATrend_ContinuesIt(int length, int horizon)
    {
        float[] series = [.. Enumerable.Range(0, 400).Select(SeasonOnTrend)];

        RidgeForecaster ridge = RidgeForecaster.Fit([series.AsMemory(0, 400 - horizon)], [1], length, horizon)!;

        float[] forecast = new float[horizon];
        ridge.Forecast(series.AsSpan(0, 400 - horizon), 1, forecast);
        for (int h = 0; h < horizon; h++)
            Assert.Equal(series[400 - horizon + h], forecast[h], 0.02f);
    }

    [Fact]
    public void Fit_SeriesOfUnequalLevel_ServesBoth()
    {
        float[] small = [.. Enumerable.Range(0, 300).Select(SeasonOnTrend)], large = [.. small.Select(v => 1e6f * v)];

        RidgeForecaster ridge = RidgeForecaster.Fit([small.AsMemory(0, 290), large.AsMemory(0, 290)], [1, 1e6], 24, 10)!;

        float[] forecast = new float[10];
        ridge.Forecast(small.AsSpan(0, 290), 1, forecast);
        Assert.Equal(small[299], forecast[9], 0.02f);
        ridge.Forecast(large.AsSpan(0, 290), 1e6, forecast);
        Assert.Equal(large[299], forecast[9], 2e4f);
    }

    [Fact]
    public void Fit_Noise_ShrinksToTheMean()
    {
        var random = new Random(1);
        float[] series = [.. Enumerable.Range(0, 400).Select(_ => (float)random.NextDouble())];

        RidgeForecaster ridge = RidgeForecaster.Fit([series], [1], 60, 1)!;

        // The best forecast of noise is its mean, 1/2; the last value, which the window is taken relative to, is worth nothing.
        double error = 0;
        float[] forecast = new float[1], test = [.. Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble())];
        for (int i = 60; i < test.Length; i++)
        {
            ridge.Forecast(test.AsSpan(0, i), 1, forecast);
            error += Math.Pow(forecast[0] - test[i], 2) / (test.Length - 60);
        }
        Assert.InRange(error, 0.07, 0.105);
    }

    [Fact]
    public void Fit_MissingValues_LeavesTheirWindowsOut()
    {
        float[] series = [.. Enumerable.Range(0, 400).Select(SeasonOnTrend)];
        for (int i = 100; i < 400; i += 97)
            series[i] = float.NaN;

        RidgeForecaster ridge = RidgeForecaster.Fit([series.AsMemory(0, 388)], [1], 24, 12)!;

        float[] forecast = new float[12];
        ridge.Forecast(series.AsSpan(0, 388), 1, forecast);
        Assert.Equal(SeasonOnTrend(399), forecast[11], 0.05f);
    }

    [Fact]
    public void Fit_NoWindow_GivesNull() => Assert.Null(RidgeForecaster.Fit([new float[24]], [1], 20, 5));

    [Fact]
    public void Fit_OneWindow_ForecastsAsWithoutLearning()
    {
        RidgeForecaster ridge = RidgeForecaster.Fit([(float[])[.. Enumerable.Range(0, 25).Select(i => (float)i)]], [1], 20, 5)!;

        float[] forecast = new float[5];
        ridge.Forecast([.. Enumerable.Range(0, 20).Select(i => 10f * i)], 1, forecast);
        Assert.Equal([200, 210, 220, 230, 240], forecast, (a, b) => Math.Abs(a - b) < 1e-2f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_FourYearsOfMonthsWithNoise_IsNoWorseThanTheLastSeason(int seed)
    {
        var random = new Random(seed);
        float[] series = [.. Enumerable.Range(0, 90).Select(i => (10 * SeasonOnTrend(i)) + (2 * (float)random.NextDouble()))];

        RidgeForecaster ridge = RidgeForecaster.Fit([series.AsMemory(0, 54)], [1], 18, 6, [12])!;

        double own = 0, season = 0;
        float[] forecast = new float[6];
        for (int origin = 54; origin + 6 <= series.Length; origin++)
        {
            ridge.Forecast(series.AsSpan(0, origin), 1, forecast);
            for (int h = 0; h < 6; h++)
                (own, season) = (own + Math.Abs(forecast[h] - series[origin + h]), season + Math.Abs(series[origin + h - 12] - series[origin + h]));
        }
        Assert.InRange(own, 0, 1.02 * season);
    }

    [Fact]
    public void Fit_ManyWindows_OffersWhatShrinksTowardsPersistence()
    {
        var random = new Random(1);
        float level = 0;
        float[] season = [.. Enumerable.Range(0, 1200).Select(i => SeasonOnTrend(i) + (float)random.NextDouble())];
        float[] walk = [.. Enumerable.Range(0, 1200).Select(_ => level += (float)random.NextDouble() - 0.5f)];

        RidgeForecaster ridge = RidgeForecaster.Fit([season], [1], 24, 6, [12])!, persistence = RidgeForecaster.Fit([walk], [1], 24, 6, [12])!;

        Assert.NotNull(ridge.Plain);
        Assert.NotEqual(ridge.Weights.ToArray(), ridge.Plain.Weights.ToArray());
        Assert.Null(ridge.Plain.Plain);
        // Of a random walk nothing is learned; what would be is offered all the same.
        Assert.All(persistence.Weights.ToArray(), weight => Assert.Equal(0, weight));
        Assert.Contains(persistence.Plain!.Weights.ToArray(), weight => weight != 0);
        Assert.Null(RidgeForecaster.Fit([season.AsMemory(0, 300)], [1], 24, 6, [12])!.Plain);
    }

    [Fact]
    public void Fit_ManySeriesTooShortToHoldOut_LearnsFromAll()
    {
        // Each has two windows alone, but there are 1,200.
        float[][] series = [.. Enumerable.Range(0, 600).Select(phase => Enumerable.Range(phase, 31).Select(i => 3 * SeasonOnTrend(i)).ToArray())];

        RidgeForecaster ridge = RidgeForecaster.Fit(
            [.. series.Select(values => (ReadOnlyMemory<float>)values)], [.. series.Select(_ => 1.0)], 24, 6)!;

        float[] forecast = new float[6], next = [.. Enumerable.Range(1000, 30).Select(i => 3 * SeasonOnTrend(i))];
        ridge.Forecast(next.AsSpan(0, 24), 1, forecast);
        Assert.Equal(next[24..], forecast, (a, b) => Math.Abs(a - b) < 0.3f);
    }

    [Fact]
    public void WindowsByAge_SeriesOfUnequalLength_AreOrderedFromTheirEnds()
    {
        float[] five = [1, 2, 3, 4, 5], three = [10, 20, 30];
        var windows = new WindowsByAge(
            [new LevelFreeWindows(five, 1, [1, 2, 3, 4], 1), new LevelFreeWindows(three, 1, [1, 2], 1), new LevelFreeWindows(three, 1, [], 1)]);

        Assert.Equal((6, 2), (windows.Count, windows.Gap));
        Assert.Equal([1, 1, 1, 10, 1, 10], Enumerable.Range(0, 6).Select(window => Next(window)));

        float Next(int window)
        {
            float[] x = new float[2], y = new float[1];
            windows.Fill(window, x, y);
            return y[0];
        }
    }

    [Fact]
    public void Fit_Constant_ForecastsIt()
    {
        float[] series = new float[100];
        series.AsSpan().Fill(7);
        RidgeForecaster ridge = RidgeForecaster.Fit([series], [1], 10, 5)!;
        float[] forecast = new float[5];
        ridge.Forecast(series, 1, forecast);
        Assert.All(forecast, value => Assert.Equal(7, value, 1e-4f));
    }

    private static float SeasonOnTrend(int i) => (float)((0.01 * i) + Math.Sin(2 * Math.PI * i / 12) + (0.3 * Math.Cos(2 * Math.PI * i / 6)));
}
