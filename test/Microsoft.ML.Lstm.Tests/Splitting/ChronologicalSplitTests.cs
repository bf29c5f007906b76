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
    public void ChronologicalSplit_OneSeries_TestsOnTheLastRows(int rows, double fraction, int test)
    {
        var split = _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(rows)), fraction, "Time");

        float[] all = [.. Enumerable.Range(0, rows).Select(i => (float)i)];
        Assert.Equal(all[..^test], split.TrainSet.GetColumn<float>("Other"));
        Assert.Equal(all[^test..], split.TestSet.GetColumn<float>("Other"));
    }

    [Fact]
    public void ChronologicalSplit_UnknownRowCount_CountsRows()
    {
        var split = _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10).Where(p => p.Other < 8)), 0.25);

        Assert.Equal([6, 7], split.TestSet.GetColumn<float>("Other"));
    }

    [Fact]
    public void ChronologicalSplit_TimeGoesBackwards_NamesRowsAndTimes()
    {
        Point[] rows = Series.Wave(10);
        (rows[6], rows[5]) = (rows[5], rows[6]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(rows), 0.2, "Time"));

        Assert.Contains("'Time' has 2000-06-01 00:00:00 in row 6 after 2000-07-01 00:00:00 in row 5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "time column 'Name': expected DateTime")]
    [InlineData("Nothing", "Could not find time column 'Nothing'")]
    public void ChronologicalSplit_NotATimeColumn_NamesIt(string column, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(10));

        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.ChronologicalSplit(data, 0.2, column)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void ChronologicalSplit_FractionOutOfRange_NamesIt(double fraction) =>
        Assert.Contains("testFraction is", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10)), fraction)).Message, StringComparison.Ordinal);

    [Fact]
    public void ChronologicalSplit_OneRow_SaysHowManyItNeeds() =>
        Assert.Contains("1 row;", Assert.Throws<InvalidOperationException>(
            () => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(1)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    public void ChronologicalSplit_SeriesOfUnequalLength_SplitsEach(bool interleaved, int lookBack)
    {
        int[] lengths = [20, 5, 1, 10];
        IDataView data = _ml.Data.LoadFromEnumerable(Groups(lengths, interleaved));

        var split = _ml.Data.ChronologicalSplit(data, 0.2, "Time", "Group", lookBack);

        int[] tested = [4, 1, 0, 2];
        for (int group = 0; group < lengths.Length; group++)
        {
            int train = lengths[group] - tested[group], from = tested[group] == 0 ? train : Math.Max(0, train - lookBack);
            Assert.Equal(Enumerable.Range(0, train), Places(split.TrainSet, group));
            Assert.Equal(Enumerable.Range(from, lengths[group] - from), Places(split.TestSet, group));
        }
        Assert.Equal(split.TestSet.GetRowCount(), split.TestSet.GetColumn<float>("Other").Count());
    }

    [Fact]
    public void ChronologicalSplit_TimeGoesBackwardsInOneSeries_NamesTheSeries()
    {
        Point[] rows = Groups([4, 4], interleaved: false);
        (rows[6], rows[5]) = (rows[5], rows[6]);

        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(rows), 0.2, "Time", "Group"));

        Assert.Contains("in row 6 after 2000-03-01 00:00:00 in row 5 of series '1'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 3)]
    [InlineData(6, 6)]
    public void ChronologicalSplit_LookBackOfTheWindow_SharesNoLabel(int windowLength, int horizon)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Groups([60, 50], interleaved: true));
        var split = _ml.Data.ChronologicalSplit(data, 0.3, "Time", "Group", lookBack: windowLength);
        var windows = _ml.Transforms.WindowSequence("Window", ["Other"], windowLength, horizon, "Next", groupColumnName: "Group");
        ITransformer fitted = windows.Fit(split.TrainSet);

        float trained = fitted.Transform(split.TrainSet).GetColumn<float[]>("Next").Max(n => n.Max());
        float[] firstTested = fitted.Transform(split.TestSet).GetColumn<float[]>("Next").First();

        Assert.Equal(41, trained);
        Assert.Contains(firstTested[0], new float[] { 42, 35 });
    }

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData(4, 2, null)]
    [InlineData(3, 1, 5)]
    public void RollingOriginSplit_SeveralSeries_TestsAfterTheGap(int? testRows, int gap, int? maximumTrainRows)
    {
        const int folds = 3;
        int[] lengths = [40, 25, 2, 16];
        foreach (bool interleaved in new[] { false, true })
        {
            var splits = _ml.Data.RollingOriginSplit(_ml.Data.LoadFromEnumerable(Groups(lengths, interleaved)), folds, testRows, maximumTrainRows, gap, 0, "Time", "Group");

            Assert.Equal(folds, splits.Count);
            for (int fold = 0; fold < folds; fold++)
                for (int group = 0; group < lengths.Length; group++)
                {
                    int size = testRows ?? lengths[group] / (folds + 1), start = lengths[group] - (folds - fold) * size, end = start - gap;
                    bool isIn = size > 0 && end > 0;
                    int first = maximumTrainRows is { } most ? Math.Max(0, end - most) : 0;
                    Assert.Equal(isIn ? Enumerable.Range(first, end - first) : [], Places(splits[fold].TrainSet, group));
                    Assert.Equal(isIn ? Enumerable.Range(start, size) : [], Places(splits[fold].TestSet, group));
                }
        }
    }

    [Fact]
    public void RollingOriginSplit_AnyEstimator_EveryFoldIsEvaluated()
    {
        var pipeline = _ml.Transforms.WindowSequence("Window", ["Value"], 12, 1, "Next").Append(_ml.Regression.Trainers.Sdca("Next", "Window", maximumNumberOfIterations: 5));

        double[] errors = [.. _ml.Data.RollingOriginSplit(_ml.Data.LoadFromEnumerable(Series.Wave(120)), 4, testRows: 12, lookBack: 12)
            .Select(fold => _ml.Regression.Evaluate(pipeline.Fit(fold.TrainSet).Transform(fold.TestSet), "Next").RootMeanSquaredError)];

        Assert.Equal(4, errors.Length);
        Assert.All(errors, error => Assert.InRange(error, 0, 10));
    }

    [Theory]
    [InlineData("numberOfFolds is 0", 0, 1, 1, 0, 0)]
    [InlineData("testRows is 0", 2, 0, 1, 0, 0)]
    [InlineData("maximumTrainRows is -1", 2, 1, -1, 0, 0)]
    [InlineData("gap is -1", 2, 1, 1, -1, 0)]
    [InlineData("lookBack is -2", 2, 1, 1, 0, -2)]
    public void RollingOriginSplit_ArgumentOutOfRange_NamesIt(string expected, int folds, int testRows, int trainRows, int gap, int lookBack) =>
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.RollingOriginSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10)), folds, testRows, trainRows, gap, lookBack)).Message, StringComparison.Ordinal);

    [Fact]
    public void RollingOriginSplit_TooFewRows_SaysHowManyItNeeds()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.RollingOriginSplit(_ml.Data.LoadFromEnumerable(Series.Wave(10)), 3, testRows: 4));

        Assert.Contains("has 10 rows; expected at least 13 for fold 0 of 3 of 4 test rows", error.Message, StringComparison.Ordinal);
    }

    // Other is the row's place in its series.
    private static Point[] Groups(int[] lengths, bool interleaved)
    {
        IEnumerable<Point> rows = lengths.SelectMany((length, group) => Enumerable.Range(0, length).Select(i =>
            new Point { Group = group, Other = i, Value = i, Time = new DateTime(2000, 1, 1).AddMonths(i) }));
        return [.. interleaved ? rows.OrderBy(r => r.Other) : rows];
    }

    private IEnumerable<int> Places(IDataView data, int group) =>
        _ml.Data.CreateEnumerable<Point>(data, reuseRowObject: false, ignoreMissingColumns: true).Where(r => r.Group == group).Select(r => (int)r.Other);
}
