using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public class SequenceBatchTests
{
    public static TheoryData<string, int[], int, int, bool> Refused => new()
    {
        { "no sequence", [], 2, 1, false },
        { "a length of 0", [3, 0], 2, 1, false },
        { "a negative length", [-1], 2, 1, false },
        { "more steps than an int counts", [int.MaxValue, int.MaxValue, 5], 2, 1, false },
        { "more features than an array holds", [2, 2], int.MaxValue, 1, false },
        { "more targets than an array holds", [2, 2], 2, int.MaxValue, true },
        { "a product that wraps around to a small int", [65536], 65536, 1, false },
        { "a negative feature size", [2], -1, 1, false },
        { "a negative target size", [2], 1, -1, false },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Reset_ThatThrows_LeavesTheBatchAsItWas(string what, int[] lengths, int featureSize, int targetSize, bool everyStep)
    {
        Assert.NotEmpty(what);
        SequenceBatch batch = Filled();
        float[] before = State(batch);

        Assert.ThrowsAny<ArgumentException>(() => batch.Reset(lengths, featureSize, hasTokens: true, targetSize, everyStep));

        Assert.Equal(before, State(batch));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void SetCovariates_ThatThrows_LeavesTheBatchAsItWas(int staticSize, int futureSize)
    {
        SequenceBatch batch = Filled();
        float[] before = State(batch);

        Assert.ThrowsAny<ArgumentException>(() => batch.SetCovariates(hasSeries: false, staticSize, futureSize));

        Assert.Equal(before, State(batch));
    }

    [Fact]
    public void Reset_AfterOneThatThrew_ScoresAsAFreshBatchDoes()
    {
        var spec = new NetworkSpec { InputSize = 2, HiddenSizes = [5], OutputSize = 1 };
        ScoringSession session = new NetworkScorer(spec, new float[new ParameterLayout(spec).BlockLength]).CreateSession();
        SequenceBatch batch = Filled();
        Assert.ThrowsAny<ArgumentException>(() => batch.Reset([900, 0], 1));
        float[] outputs = [7, 7];

        session.Score(batch, outputs);

        Assert.Equal([0, 0], outputs);
    }

    [Fact]
    public void Reset_OfTheSameShapes_AllocatesNothing()
    {
        var batch = new SequenceBatch();
        int[] lengths = [2, 5, 1, 5];
        void Fill()
        {
            batch.Reset(lengths, 3, hasTokens: true, targetSize: 2);
            batch.SetCovariates(hasSeries: true, 2, 6);
        }
        Fill();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fill();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void SetCovariates_OfABatchUsedBefore_BeginsWithZeros()
    {
        SequenceBatch batch = Filled();
        batch.Reset([1, 1], 1);
        Assert.False(batch.HasSeries);
        Assert.Equal(0, batch.Statics.Length + batch.Futures.Length + batch.Series.Length);

        batch.SetCovariates(hasSeries: true, 1, 2);

        Assert.Equal([0, 0], batch.Series.ToArray());
        Assert.Equal([0, 0], batch.Statics.ToArray());
        Assert.Equal([0, 0, 0, 0], batch.Futures.ToArray());
    }

    private static SequenceBatch Filled()
    {
        var batch = new SequenceBatch();
        batch.Reset([2, 3], 2, targetSize: 1);
        batch.SetCovariates(hasSeries: true, 1, 2);
        batch.SkipsMissingTargets = true;
        int value = 1;
        foreach (ref float x in batch.Features)
            x = value++;
        foreach (ref float x in batch.Targets)
            x = value++;
        foreach (ref float x in batch.Statics)
            x = value++;
        foreach (ref float x in batch.Futures)
            x = value++;
        foreach (ref int x in batch.Series)
            x = value++;
        return batch;
    }

    private static float[] State(SequenceBatch batch) =>
    [
        batch.SequenceCount, batch.StepCount, batch.RowCount, batch.FeatureSize, batch.TargetSize, batch.TargetRows, batch.StaticSize, batch.FutureSize,
        batch.HasTokens ? 1 : 0, batch.HasSeries ? 1 : 0, batch.SkipsMissingTargets ? 1 : 0,
        .. batch.Offsets.ToArray().Select(i => (float)i), .. batch.Lengths.ToArray().Select(i => (float)i), .. batch.Order.ToArray().Select(i => (float)i),
        .. batch.Features, .. batch.Targets, .. batch.Weights, .. batch.Statics, .. batch.Futures, .. batch.Series.ToArray().Select(i => (float)i),
    ];
}
