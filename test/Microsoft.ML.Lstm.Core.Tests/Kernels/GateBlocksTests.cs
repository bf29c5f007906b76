using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

public sealed class GateBlocksTests
{
    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void Column_EverySlotOfEveryUnit_HasItsOwn(int slots, bool gateByGate)
    {
        for (int units = 1; units <= 130; units++)
        {
            var blocks = new GateBlocks(units, slots, gateByGate);
            int[] columns = [.. from slot in Enumerable.Range(0, slots) from unit in Enumerable.Range(0, units) select blocks.Column(unit, slot)];
            Assert.Equal(columns.Length, columns.Distinct().Count());
            Assert.All(columns, column => Assert.InRange(column, 0, blocks.Columns - 1));
            Assert.Equal(blocks.PaddedUnits, Enumerable.Range(0, blocks.Count).Sum(blocks.Width));
            Assert.InRange(blocks.PaddedUnits, units, units + (slots == 1 ? 31 : 7));
        }
    }
}
