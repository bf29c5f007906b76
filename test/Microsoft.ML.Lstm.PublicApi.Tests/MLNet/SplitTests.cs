using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class SplitTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static float[] Values(IDataView data) => [.. data.GetColumn<float>("Value")];

    [Fact]
    public void ASplitPartsTheRowsAndKeepsTheirOrder()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(1000));
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(data, testFraction: 0.3);
        float[] train = Values(split.TrainSet);
        float[] test = Values(split.TestSet);

        Assert.InRange(test.Length, 230, 370);
        Assert.Equal(Values(data), train.Concat(test).Order());
        Assert.Equal(train.Order(), train);
        Assert.Equal(test.Order(), test);
        Assert.Equal(test, Values(split.TestSet));
        Assert.Equal(data.Schema.Select(c => c.Name), split.TrainSet.Schema.Select(c => c.Name));
    }

    [Fact]
    public void ASeedFixesTheSplit()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(200));
        float[] first = Values(_ml.Data.TrainTestSplit(data, 0.5, seed: 7).TestSet);
        Assert.Equal(first, Values(new MLContext(seed: 2).Data.TrainTestSplit(data, 0.5, seed: 7).TestSet));
        Assert.NotEqual(first, Values(_ml.Data.TrainTestSplit(data, 0.5, seed: 8).TestSet));
        IDataView numbers = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Reading { Value = i }));
        Assert.Equal(
            [1f, 2f, 7f, 14f, 15f, 16f, 17f, 21f, 25f, 29f, 33f, 36f, 37f, 38f, 42f, 46f, 47f, 49f, 50f, 51f, 52f, 54f, 58f],
            Values(_ml.Data.TrainTestSplit(numbers, 0.3, seed: 5).TestSet));
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Count")]
    public void RowsOfOneSamplingKeyStayTogether(string key)
    {
        Reading[] rows = Reading.Many(400);
        foreach (Reading row in rows)
            (row.Title, row.Count) = ($"group {(int)row.Value % 40}", (int)row.Value % 40);
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(data, 0.4, samplingKeyColumnName: key);
        HashSet<int> train = [.. Values(split.TrainSet).Select(v => (int)v % 40)];
        HashSet<int> test = [.. Values(split.TestSet).Select(v => (int)v % 40)];

        Assert.Empty(train.Intersect(test));
        Assert.Equal(40, train.Count + test.Count);
        Assert.NotEmpty(train);
        Assert.NotEmpty(test);
    }

    [Fact]
    public void AKeyColumnSplitsByItsOwnOrderAndARealOneByItsRange()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(101));
        Assert.Equal([1u, 2u], _ml.Data.TrainTestSplit(data, 0.5, "Group").TestSet.GetColumn<uint>("Group").Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 25).Select(i => (float)i), Values(_ml.Data.TrainTestSplit(data, 0.25, "Value").TestSet));
    }

    [Fact]
    public void FoldsTestEveryRowOnce()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(300));
        IReadOnlyList<DataOperationsCatalog.TrainTestData> folds = _ml.Data.CrossValidationSplit(data, numberOfFolds: 3);
        Assert.Equal(3, folds.Count);
        Assert.Equal(Values(data), folds.SelectMany(f => Values(f.TestSet)).Order());
        Assert.All(folds, f => Assert.Equal(300, Values(f.TestSet).Length + Values(f.TrainSet).Length));
        Assert.All(folds, f => Assert.InRange(Values(f.TestSet).Length, 60, 140));
    }

    [Fact]
    public void ImpossibleSplitsAreRefused()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TrainTestSplit(data, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CrossValidationSplit(data, 1));
        Assert.Throws<ArgumentNullException>(() => _ml.Data.TrainTestSplit(null));
        Assert.Contains("'Nowhere'", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.TrainTestSplit(data, 0.5, "Nowhere")).Message);
    }
}
