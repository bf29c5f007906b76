using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public class ForecastWindowsTests
{
    private static readonly ForecastShape s_shape = new() { WindowLength = 7, Horizon = 2, SegmentLength = 3, HasSeries = true };

    [Fact]
    public void Window_OfEveryExample_IsTheOriginThatWasAdded()
    {
        var windows = new ForecastWindows(s_shape);
        int a = windows.Add(Ramp("a", 1, 30)), b = windows.Add(Ramp("b", 2, 9));
        windows.AddOrigins(a, 5, 20, stride: 4);
        windows.AddOrigins(b, 9, 8);
        windows.AddOrigins(b, 9, 9);
        windows.AddOrigins(a, 1, 2);

        Assert.Equal([(a, 5), (a, 9), (a, 13), (a, 17), (b, 9), (a, 1), (a, 2)], Enumerable.Range(0, windows.Count).Select(windows.Window));
    }

    [Fact]
    public void Fill_WholeAndShortWindows_EndAtTheOriginInWholeSegments()
    {
        var windows = new ForecastWindows(s_shape);
        int a = windows.Add(Ramp("a", 3, 12));
        windows.AddOrigins(a, 4, 10, stride: 6);
        var batch = new SequenceBatch();

        windows.Fill(batch, [0, 1]);

        // Sorted by length: the window of 7 rows before row 10 in three segments, then that of 4 before row 4 in two.
        Assert.Equal([3, 2], batch.Lengths.ToArray());
        Assert.Equal([2, 2], batch.Padding.ToArray());
        Assert.Equal([0, 0, 4, 5, 6, 7, 8, 9, 10], Past(batch, 0));
        Assert.Equal([0, 0, 1, 2, 3, 4], Past(batch, 1));
        Assert.Equal([11, 12, 5, 6], batch.Targets.ToArray());
        Assert.Equal([3, 3], batch.Series.ToArray());
        Assert.True(batch.SkipsMissingTargets);
    }

    [Fact]
    public void Fill_OriginAtTheEnd_HasNoTargets()
    {
        var windows = new ForecastWindows(s_shape);
        windows.AddOrigins(windows.Add(Ramp("a", 1, 12)), 11, 12);
        var batch = new SequenceBatch();

        windows.Fill(batch, [0, 1]);

        Assert.Equal([12, float.NaN, float.NaN, float.NaN], batch.Targets.ToArray());
    }

    [Fact]
    public void Fill_SeveralFeaturesAndCovariates_StandsWhereTheNetworkReadsThem()
    {
        var windows = new ForecastWindows(new()
        {
            WindowLength = 2, Horizon = 2, SegmentLength = 2, FeatureSize = 3, TargetCount = 2, StaticSize = 1, FutureSize = 2,
        });
        float[] values = [.. Enumerable.Range(0, 12).Select(i => (float)i)], futures = [.. Enumerable.Range(100, 10).Select(i => (float)i)];
        int a = windows.Add(new ForecastSeries("a", 0, values, new float[] { 7 }, futures));
        windows.AddOrigins(a, 2, 3);
        var batch = new SequenceBatch();

        windows.Fill(batch, [1, 0]);

        Assert.Equal([3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5], batch.Features.ToArray());
        Assert.Equal([9, 10, float.NaN, float.NaN, 6, 7, 9, 10], batch.Targets.ToArray());
        Assert.Equal([7, 7], batch.Statics.ToArray());
        Assert.Equal([106, 107, 108, 109, 104, 105, 106, 107], batch.Futures.ToArray());
    }

    [Fact]
    public void AddOrigins_FutureCovariatesThatEndTooEarly_NamesTheSeries()
    {
        var windows = new ForecastWindows(s_shape with { FutureSize = 1 });
        int a = windows.Add(new ForecastSeries("shop 7", 0, new float[10], default, new float[11]));
        windows.AddOrigins(a, 3, 9);

        var exception = Assert.Throws<ArgumentException>(() => windows.AddOrigins(a, 3, 10));

        Assert.StartsWith("Series 'shop 7' has 11 rows of future covariates; expected 12, up to the end of the last horizon.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ValuesOrCovariatesOfAnotherSize_NamesTheSeries()
    {
        var windows = new ForecastWindows(s_shape with { FeatureSize = 2, StaticSize = 1, FutureSize = 3 });
        float[] values = new float[8], statics = [1], futures = new float[12];
        windows.Add(new ForecastSeries("good", 0, values, statics, futures));
        foreach (ForecastSeries bad in (ForecastSeries[])
            [
                new("bad", 0, values.AsMemory(1), statics, futures), new("bad", 0, default, statics, futures), new("bad", 0, values, futures, futures),
                new("bad", 0, values, statics, futures.AsMemory(3)), new("bad", 0, values, statics, new float[13]), new("bad", -1, values, statics, futures),
            ])
            Assert.Contains("Series 'bad' has", Assert.Throws<ArgumentException>(() => windows.Add(bad)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 5, 1)]
    [InlineData(1, 13, 1)]
    [InlineData(1, 5, 0)]
    public void AddOrigins_RowsThatAreNotThere_Throws(int first, int last, int stride)
    {
        var windows = new ForecastWindows(s_shape);
        int a = windows.Add(Ramp("a", 1, 12));
        Assert.Throws<ArgumentException>(() => windows.AddOrigins(a, first, last, stride));
        Assert.Equal(0, windows.Count);
    }

    [Fact]
    public void ManyWindows_OfManySeries_CostNoMemoryOfTheirOwn()
    {
        float[] values = new float[1000];
        var windows = new ForecastWindows(new() { WindowLength = 168, Horizon = 24, SegmentLength = 24 });
        var batch = new SequenceBatch();
        int[] examples = [.. Enumerable.Range(0, 64).Select(i => i * 12_345)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            windows.AddOrigins(windows.Add(new ForecastSeries("s", i + 1, values)), 1, 999);
        long adding = GC.GetAllocatedBytesForCurrentThread() - before;
        windows.Fill(batch, examples);
        before = GC.GetAllocatedBytesForCurrentThread();
        windows.Fill(batch, examples);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(999_000, windows.Count);
        Assert.InRange(adding, 0, 1_000_000);
    }

    private static ForecastSeries Ramp(string name, int id, int rows) => new(name, id, Enumerable.Range(1, rows).Select(i => (float)i).ToArray());

    private static float[] Past(SequenceBatch batch, int position) =>
        [.. Enumerable.Range(0, batch.Lengths[position]).SelectMany(t => batch.Features.Slice(batch.Row(position, t) * batch.FeatureSize, batch.FeatureSize).ToArray())];
}
