using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class RowOperationTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data(int count) => _ml.Data.LoadFromEnumerable(Reading.Many(count));

    private static float[] Values(IDataView data) => [.. data.GetColumn<float>("Value")];

    [Fact]
    public void RowsAreSkippedAndTaken()
    {
        IDataView data = Data(10);
        Assert.Equal([3f, 4f], Values(_ml.Data.TakeRows(_ml.Data.SkipRows(data, 3), 2)));
        Assert.Equal(10, Values(_ml.Data.TakeRows(data, 99)).Length);
        Assert.Empty(Values(_ml.Data.SkipRows(data, 99)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(data, -1));
        Assert.Throws<ArgumentNullException>(() => _ml.Data.TakeRows(null, 1));
    }

    [Fact]
    public void AFilterKeepsItsLowerBoundButNotItsUpperOne()
    {
        IDataView data = Data(10);
        Assert.Equal([3f, 4f, 5f], Values(_ml.Data.FilterRowsByColumn(data, "Value", 3, 6)));
        Assert.Equal([8f, 9f], Values(_ml.Data.FilterRowsByColumn(data, "Value", lowerBound: 8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(data, "Nowhere", 3, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(data, "Name", 3, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(data, "Count", 3, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(data, "Value", 6, 3));
    }

    [Fact]
    public void RowsWithMissingValuesAreDropped()
    {
        Reading[] rows = Reading.Many(5);
        rows[1].Value = float.NaN;
        rows[3].Grid = [1, 2, float.NaN, 4, 5, 6];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal([0f, 2f, 3f, 4f], Values(_ml.Data.FilterRowsByMissingValues(data, "Value")));
        Assert.Equal([0f, 2f, 4f], Values(_ml.Data.FilterRowsByMissingValues(data, "Value", "Grid")));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(data, "Nowhere"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(data, "Count"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(data));
    }

    [Fact]
    public void APredicateExcludesRows()
    {
        IDataView filtered = _ml.Data.FilterByCustomPredicate(Data(6), (Reading r) => r.Flag);
        Assert.Equal([0f, 2f, 4f], Values(filtered));
    }

    [Fact]
    public void ShufflingKeepsTheRowsAndFollowsItsSeed()
    {
        IDataView data = Data(50);
        IDataView shuffled = _ml.Data.ShuffleRows(data, seed: 3);
        float[] once = Values(shuffled);
        Assert.NotEqual(Values(data), once);
        Assert.Equal(Values(data), once.Order());
        Assert.Equal(once, Values(shuffled));
        Assert.NotEqual(once, Values(_ml.Data.ShuffleRows(data, seed: 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.ShuffleRows(data, shufflePoolSize: 0));
    }

    [Fact]
    public void ACacheReadsItsSourceOnce()
    {
        int made = 0;
        IDataView source = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i =>
        {
            made++;
            return new Reading { Value = i, Grid = [i, i, i, i, i, i] };
        }));
        IDataView cached = _ml.Data.Cache(source);
        Assert.Equal(0, made);
        Assert.Equal([0f, 1f, 2f, 3f], Values(cached));
        Assert.Equal([0f, 1f, 2f, 3f], Values(cached));
        Assert.Equal(4, made);
        Assert.True(cached.CanShuffle);
        Assert.Equal([3f, 3f, 3f, 3f, 3f, 3f], cached.GetColumn<float[]>("Grid").Last());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.Cache(source, "Nowhere"));
    }
}
