using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

/// <summary>Blocks of steps, counted from the last.</summary>
public sealed class StepBlockTests
{
    [Theory]
    [InlineData(6, 3, new[] { -5, -4, -3, -2, -1, 0 })]
    [InlineData(5, 2, new[] { -4, -3, -2, 0 })]
    [InlineData(2, 9, new[] { -1, -1, 0, 0 })]
    [InlineData(7, 1, new[] { -6, 0 })]
    public void Cut_LengthAndBlocks_CoversEveryStepOnce(int length, int blocks, int[] expected) =>
        Assert.Equal(expected, StepBlock.Cut(length, blocks).SelectMany(block => new[] { block.First, block.Last }));
}
