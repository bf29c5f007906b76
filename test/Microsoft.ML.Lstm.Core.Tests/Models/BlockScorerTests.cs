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

    // Every ninth cannot be scored.
    private static float[] Sequence(int i) => i % 9 == 8 ? [float.NaN, 0] : [.. Enumerable.Range(0, 2 * (1 + (i % 5))).Select(j => MathF.Sin(i + j))];
}
