using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Cells take several rows side by side, or several blocks of one row; neither changes a bit, at any width of vectors.</summary>
public sealed unsafe class CellTileTests
{
    private const int Most = 37;

    public static TheoryData<CellKind, int> Tiles => new()
    {
        { CellKind.Lstm, 8 },
        { CellKind.Lstm, 16 },
        { CellKind.Gru, 8 },
        { CellKind.Gru, 16 },
        { CellKind.RnnTanh, 32 },
        { CellKind.RnnRelu, 32 },
    };

    [Theory]
    [MemberData(nameof(Tiles))]
    public void Forward_SomeRows_HaveTheBitsOfEachAlone(CellKind cell, int width)
    {
        foreach (int rows in (int[])[1, 2, 3, 5, 8, 16, 17, Most])
            foreach (bool ownBias in (bool[])[false, true])
            {
                float[] alone = Run<Lanes128, Vector128<float>>(cell, width, rows, ownBias, atOnce: false);
                Assert.Equal(alone, Run<Lanes128, Vector128<float>>(cell, width, rows, ownBias, atOnce: true));
                Assert.Equal(alone, Run<Lanes256, Vector256<float>>(cell, width, rows, ownBias, atOnce: true));
                if (width % Lanes512.Count == 0)
                    Assert.Equal(alone, Run<Lanes512, Vector512<float>>(cell, width, rows, ownBias, atOnce: true));
            }
    }

    /// <summary>Gates, c and h, all rows.</summary>
    private static float[] Run<L, V>(CellKind cell, int width, int rows, bool ownBias, bool atOnce)
        where L : ILanes<V>
        where V : struct
    {
        int columns = width * CellKernels.Slots(cell);
        GuardedFloats gates = GuardedFloats.Random(rows * columns, 1), bias = GuardedFloats.Random(rows * columns, 2), previousH = GuardedFloats.Random(rows * width, 3);
        // c is overwritten in place, as in scoring.
        GuardedFloats c = GuardedFloats.Random(rows * width, 4), h = new(rows * width);
        var tile = new CellTile
        {
            Rows = rows,
            Width = width,
            Gates = gates.Pointer,
            GatesRow = columns,
            Bias = bias.Pointer,
            BiasRow = ownBias ? columns : 0,
            PreviousH = previousH.Pointer,
            H = h.Pointer,
            HRow = width,
            PreviousC = c.Pointer,
            C = c.Pointer,
            CRow = width,
        };
        int together = atOnce ? rows : 1;
        for (int row = 0; row < rows; row += together)
        {
            CellKernels.Forward<L, V>(cell, tile with { Rows = together });
            tile = tile with
            {
                Gates = tile.Gates + columns,
                Bias = tile.Bias + tile.BiasRow,
                PreviousH = tile.PreviousH + width,
                H = tile.H + width,
                PreviousC = tile.PreviousC + width,
                C = tile.C + width,
            };
        }
        gates.AssertGuardsIntact();
        c.AssertGuardsIntact();
        h.AssertGuardsIntact();
        return [.. gates.Span, .. c.Span, .. h.Span];
    }
}
