using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

/// <summary>What a forecaster that is not told measures for itself.</summary>
public sealed class ForecastSetupTests
{
    [Theory]
    [InlineData(336, 48, 24, 24)]       // hours, a day
    [InlineData(504, 168, 168, 42)]     // hours, a week
    [InlineData(264, 12, 132, 12)]
    [InlineData(36, 12, 12, 12)]        // months
    [InlineData(28, 14, 7, 7)]          // days
    [InlineData(24, 3, 7, 1)]           // nothing near seven
    [InlineData(720, 30, 1, 12)]        // no season: a divisor of the window
    public void SegmentOf_DivisorsOfTheSeason_IsTheLongestThatFits(int window, int horizon, int season, int expected) =>
        Assert.Equal(expected, ForecastSetup.SegmentOf(window, horizon, season));

    [Theory]
    [InlineData(264, 12, 129, 12)]      // 3 · 43
    [InlineData(254, 12, 127, 10)]      // prime: 13 of them are 130
    [InlineData(730, 30, 365, 30)]      // days, a year: 5 · 73
    public void SegmentOf_ShortDivisorsAlone_NearlyDividesTheSeason(int window, int horizon, int season, int expected) =>
        Assert.Equal(expected, ForecastSetup.SegmentOf(window, horizon, season));
}
