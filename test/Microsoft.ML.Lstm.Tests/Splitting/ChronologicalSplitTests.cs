using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Splitting;

public class ChronologicalSplitTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(10, 0.2, 2)]
    [InlineData(10, 0.01, 1)]
    [InlineData(10, 0.99, 9)]
    [InlineData(2, 0.5, 1)]
    [InlineData(635, 0.2, 127)]
    public void The_last_rows_are_the_test(int rows, double fraction, int test)
    {
        var split = _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(rows)), fraction, "Time");

        float[] all = [.. Enumerable.Range(0, rows).Select(i => (float)i)];
        Assert.Equal(all[..^test], split.TrainSet.GetColumn<float>("Other"));
        Assert.Equal(all[^test..], split.TestSet.GetColumn<float>("Other"));
    }

    [Fact]
    public void Data_that_does_not_know_its_length_is_counted()
    {
        var split = _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10).Where(p => p.Other < 8)), 0.25);

        Assert.Equal([6, 7], split.TestSet.GetColumn<float>("Other"));
    }

    [Fact]
    public void Time_that_goes_backwards_is_named()
    {
        Point[] rows = Series.Wave(10);
        (rows[6], rows[5]) = (rows[5], rows[6]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(rows), 0.2, "Time"));

        Assert.Contains("'Time' has 06/01/2000 00:00:00 in row 6 after 07/01/2000 00:00:00 in row 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "time column 'Name': expected DateTime")]
    [InlineData("Nothing", "Could not find time column 'Nothing'")]
    public void A_column_that_is_no_time_is_named(string column, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(10));

        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.ChronologicalSplit(data, 0.2, column)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_fraction_out_of_range_is_named(double fraction) =>
        Assert.Contains("testFraction is", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10)), fraction)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_row_cannot_be_split() =>
        Assert.Contains("1 row;", Assert.Throws<InvalidOperationException>(
            () => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(1)))).Message, StringComparison.Ordinal);
}
