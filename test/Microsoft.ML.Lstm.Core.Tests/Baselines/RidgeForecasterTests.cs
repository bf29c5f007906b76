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
        Assert.True(ridge.Penalty > 1e-5);
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
    public void Fit_HardlyAnyWindow_GivesNull() => Assert.Null(RidgeForecaster.Fit([new float[30]], [1], 20, 5));

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
