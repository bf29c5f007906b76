using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class ForecastErrorTests
{
    [Fact]
    public void ToErrors_KnownValues_GivesTheFormulas()
    {
        var sums = new ForecastErrorSums();
        sums.Add([10, 0, 4], [12, 0, 1], scale: 2);
        ForecastErrors errors = sums.ToErrors();

        Assert.Equal(3, errors.Count);
        Assert.Equal(5 / 3.0, errors.MeanAbsoluteError, 12);
        Assert.Equal(Math.Sqrt(13 / 3.0), errors.RootMeanSquaredError, 12);
        Assert.Equal((20 + 75) / 2.0, errors.MeanAbsolutePercentageError, 12);
        Assert.Equal(((200 * 2 / 22.0) + 0 + (200 * 3 / 5.0)) / 3, errors.SymmetricMeanAbsolutePercentageError, 12);
        Assert.Equal(2.5 / 3, errors.MeanAbsoluteScaledError, 12);
    }

    [Fact]
    public void Add_MissingValueOrNoScale_CountsForNothing()
    {
        var sums = new ForecastErrorSums();
        sums.Add([float.NaN, 1, 2], [1, float.NaN, 3], scale: 0);
        Assert.Equal(1, sums.ToErrors().Count);
        Assert.Equal(double.NaN, sums.ToErrors().MeanAbsoluteScaledError);
    }

    [Fact]
    public void IntervalSums_KnownValues_GivesTheFormulas()
    {
        var sums = new IntervalSums(0.9);
        sums.Add(5, 4, 8, 2);
        sums.Add(3, 4, 8, 2);
        sums.Add(9, 4, 8, 2);
        sums.Add(float.NaN, 4, 8, 2);

        Assert.Equal(1 / 3.0, sums.Coverage, 12);
        Assert.Equal(4, sums.MeanWidth, 12);
        Assert.Equal((4 + 24 + 24) / 2.0 / 3, sums.MeanScaledIntervalScore, 9);
    }
}
