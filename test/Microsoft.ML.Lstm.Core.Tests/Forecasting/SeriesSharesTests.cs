using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

/// <summary>Which series each process holds.</summary>
public sealed class SeriesSharesTests
{
    [Theory]
    [InlineData(new[] { 10, 10, 10, 10 }, 2, new[] { 0, 2, 4 })]
    [InlineData(new[] { 10, 10, 10 }, 3, new[] { 0, 1, 2, 3 })]
    [InlineData(new[] { 90, 5, 5 }, 2, new[] { 0, 1, 3 })]
    [InlineData(new[] { 5, 5, 90 }, 2, new[] { 0, 2, 3 })]
    [InlineData(new[] { 7 }, 3, new[] { 0, 0, 1, 1 })]
    [InlineData(new int[0], 2, new[] { 0, 0, 0 })]
    [InlineData(new[] { int.MaxValue, int.MaxValue }, 1000, null)]
    public void FirstsOf_AnySizes_GivesEachConsecutiveSeriesOfAboutAsManyRows(int[] rows, int processes, int[]? expected)
    {
        int[] firsts = SeriesShares.FirstsOf(rows, processes);

        Assert.Equal(processes + 1, firsts.Length);
        Assert.Equal((0, rows.Length), (firsts[0], firsts[^1]));
        Assert.Equal(firsts.Order(), firsts);
        if (expected is not null)
            Assert.Equal(expected, firsts);
    }
}
