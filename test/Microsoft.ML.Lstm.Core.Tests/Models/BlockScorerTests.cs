using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public class BlockScorerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Score_BlocksOfAnySizeByAnyWorkers_EachHasTheBitsThatItHasAlone(int workers)
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [12], OutputSize = 3 });
        var scorer = new BlockScorer(model, workers);
        var block = new SequenceBlock(model);
        foreach (int count in (int[])[0, 1, 3, 64, 65, 500, 2])
        {
            block.Clear();
            for (int i = 0; i < count; i++)
                block.Add(Sequence(i), []);

            scorer.Score(block);

            Assert.Equal(count, block.Count);
            for (int i = 0; i < count; i++)
                Assert.Equal(model.Predict(Sequence(i)), block.Scored(i).Outputs.ToArray());
        }
    }

    /// <summary>A worker that the pool starts late, in a block that comes after its own, takes what it finds there: it may be all, before the caller has taken anything.</summary>
    [Fact]
    public void Score_WorkersOfBlocksBeforeComeAtAnyTime_EveryBlockIsWholeWhenItReturns()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [12], OutputSize = 3 });
        float[] expected = model.Predict(Sequence(0));
        var scorer = new BlockScorer(model, workers: 4);
        bool isOver = false;
        Thread[] late = [.. scorer.Helpers.Select(helper => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
                helper.Execute();
        }))];
        Array.ForEach(late, thread => thread.Start());
        int wrong = 0;
        for (int round = 0; round < 20_000; round++)
        {
            var block = new SequenceBlock(model);
            block.Add(Sequence(0), []);
            scorer.Score(block);
            wrong += block.Scored(0).Outputs.SequenceEqual(expected) ? 0 : 1;
        }
        Volatile.Write(ref isOver, true);
        Array.ForEach(late, thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    // Every ninth cannot be scored.
    private static float[] Sequence(int i) => i % 9 == 8 ? [float.NaN, 0] : [.. Enumerable.Range(0, 2 * (1 + (i % 5))).Select(j => MathF.Sin(i + j))];
}
