using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Core.Tests.Baselines;

public sealed class SimpleForecastsTests
{
    private const int Horizon = 7;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(8, 1, 5)]
    [InlineData(12, 12, 6)]
    [InlineData(13, 12, 6)]
    [InlineData(14, 12, 11)]
    [InlineData(30, 12, 11)]
    public void Of_Length_GivesThoseThatItIsLongEnoughFor(int length, int season, int count) =>
        Assert.Equal(count, SimpleForecasts.Of(length, Horizon, [season]).Count);

    [Fact]
    public void Of_SeveralSeasons_TriesEachOnce() => Assert.Equal(5 + 6 + 6, SimpleForecasts.Of(30, Horizon, [12, 4, 12, 1]).Count);

    [Theory]
    [InlineData(9, 1)]
    [InlineData(14, 12)]
    [InlineData(30, 12)]
    [InlineData(40, 7)]
    public void Of_AnyLevel_IsKept(int length, int season)
    {
        foreach (double[][] weights in SimpleForecasts.Of(length, Horizon, [season]).Skip(1).Select(forecast => forecast.Weights))
            for (int h = 0; h < Horizon; h++)
                Assert.Equal((1, 0), (Math.Round(weights.Take(length).Sum(row => row[h]), 9), weights[length][h]));
    }

    [Fact]
    public void Of_SeasonOnATrend_IsContinuedWithHalfTheTrend()
    {
        float Value(int t, double trend) => (float)((trend * t) + (t % 4 * 3) - (t % 2));
        float[] window = [.. Enumerable.Range(0, 14).Select(t => Value(t, 0.5))];

        IEnumerable<float[]> forecasts = SimpleForecasts.Of(window.Length, Horizon, [4]).Skip(1)
            .Select(forecast => Forecast(forecast.Weights, window));

        // From the level of the last value; a smoothed level lies before it.
        float level = window[^1] - Value(13, 0);
        Assert.Contains(forecasts, forecast => Same(forecast, h => level + Value(14 + h, 0) + (0.25f * (h + 1))));
        Assert.Contains(forecasts, forecast => Same(forecast, h => Value(10 + h, 0.5) - (h < 4 ? 0 : 2)));
        Assert.Contains(forecasts, forecast => Same(forecast, h => level + Value(14 + h, 0)));
        Assert.Contains(forecasts, forecast => Same(forecast, h => Value(14 + h, 0.5f)));
    }

    [Fact]
    public void Of_WindowOfHardlyMoreThanASeason_HasLittleOfTheTrend()
    {
        float[] window = [.. Enumerable.Range(0, 14).Select(t => (float)t)];

        foreach (SimpleForecast forecast in SimpleForecasts.Of(window.Length, 1, [12]).Skip(1).Where(forecast => forecast.Handicap <= 1))
            Assert.InRange(Forecast(forecast.Weights, window)[0], 0, 14);
    }

    [Theory]
    [InlineData(0.96, 2, "persistence")]
    [InlineData(0.94, 2, "smoothed")]
    [InlineData(0.9, 0.19, "smoothed")]
    [InlineData(0.9, 0.17, "whole trend")]
    [InlineData(1, 1, "persistence")]
    public void Best_OfErrors_TakesHandicapsIntoAccount(double ofSmoothed, double ofWholeTrend, string best)
    {
        IReadOnlyList<SimpleForecast> all = SimpleForecasts.Of(8, 1, []);

        double[][] found = SimpleForecast.Best(
            all, weights => weights == all[0].Weights ? 1 : weights == all[^1].Weights ? ofWholeTrend : ofSmoothed);

        Assert.Equal(best, found == all[0].Weights ? "persistence" : found == all[^1].Weights ? "whole trend" : "smoothed");
    }

    [Fact]
    public void LastSeason_Window_IsRepeated() =>
        Assert.Equal([3, 4, 5, 3, 4, 5, 3], Forecast(SimpleForecasts.LastSeason(5, Horizon, 3), [1, 2, 3, 4, 5]));

    private static bool Same(float[] forecast, Func<int, float> expected) =>
        Enumerable.Range(0, Horizon).All(h => Math.Abs(forecast[h] - expected(h)) < 1e-4f);

    private static float[] Forecast(double[][] weights, float[] window) =>
        [.. Enumerable.Range(0, weights[0].Length).Select(h => (float)window.Select((value, t) => value * weights[t][h]).Sum())];
}
