using Microsoft.ML.Lstm.Importance;

namespace Microsoft.ML.Lstm.Tests.Importance;

/// <summary>Which values of which row an exchange gives to another.</summary>
public sealed class SequenceExchangeTests
{
    private static readonly float[][] s_rows = [[1, 10, 2, 20, 3, 30], [4, 40], [5, 50, 6, 60]];

    [Theory]
    // Its donor has two steps: the last, the one before, and the last again.
    [InlineData(0, new[] { 1f, 60, 2, 50, 3, 60 })]
    [InlineData(1, new[] { 4f, 30 })]
    [InlineData(2, new[] { 5f, 40, 6, 40 })]
    public void Apply_AllSteps_AlignsAtTheLastAndRepeatsShorterDonors(int row, float[] expected)
    {
        var exchange = new SequenceExchange([1], -2, 0, [2, 0, 1]);

        Assert.Equal(expected, Applied(exchange, row));
    }

    [Fact]
    public void Apply_BlockOfSteps_LeavesTheOthersAndRowsWithoutIt()
    {
        var exchange = new SequenceExchange([0, 1], -2, -1, [2, 0, 1]);

        Assert.Equal([6, 60, 5, 50, 3, 30], Applied(exchange, 0));
        Assert.Equal([4, 40], Applied(exchange, 1));
    }

    private static float[] Applied(SequenceExchange exchange, int row)
    {
        float[] values = [.. s_rows[row]];
        exchange.Apply(row, values, s_rows, exchange.Feature!, 2);
        return values;
    }
}
