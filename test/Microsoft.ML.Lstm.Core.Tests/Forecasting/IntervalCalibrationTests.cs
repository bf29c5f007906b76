using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class IntervalCalibrationTests
{
    [Theory]
    [InlineData(0.975, 1, 12.7062)]
    [InlineData(0.975, 2, 4.30265)]
    [InlineData(0.95, 3, 2.35336)]
    [InlineData(0.995, 8, 3.35539)]
    [InlineData(0.9, 25, 1.31635)]
    [InlineData(0.5, 4, 0)]
    public void Quantile_OfStudentsDistribution_IsThatOfTheTables(double probability, int degrees, double expected) =>
        Assert.Equal(expected, StudentDistribution.Quantile(probability, degrees), 1e-4);

    [Theory]
    [InlineData(4, 0.8)]
    [InlineData(7, 0.9)]
    [InlineData(19, 0.9)]
    [InlineData(30, 0.95)]
    [InlineData(100, 0.95)]
    public void Quantile_FewOrManyScores_LiesAboveTheNextOneAsOftenAsItSays(int count, double level)
    {
        const int Trials = 4000;
        var random = new Random(1);
        float Next() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        int inside = 0;
        for (int trial = 0; trial < Trials; trial++)
            inside += Next() <= IntervalCalibration.Quantile([.. Enumerable.Range(0, count).Select(_ => Next())], level) ? 1 : 0;

        Assert.InRange((double)inside / Trials, ((1 + level) / 2) - 0.016, ((1 + level) / 2) + 0.04);
    }

    [Fact]
    public void Quantile_EnoughScores_IsOneOfThem()
    {
        float[] scores = [3, -1, 5, 4, 2, 0, 1, 9, 7, 6, 8];

        Assert.Equal(8, IntervalCalibration.Quantile(scores, 0.6));
        Assert.Equal(9, IntervalCalibration.Quantile(scores, 0.8));
        Assert.True(IntervalCalibration.Quantile(scores, 0.9) > 9);
        Assert.Equal(2, IntervalCalibration.Quantile([2, 2], 0.999));
        Assert.Equal(-1, IntervalCalibration.Quantile([-1], 0.9));
    }
}
