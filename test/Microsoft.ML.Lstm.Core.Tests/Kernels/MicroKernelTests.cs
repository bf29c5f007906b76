using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>The micro-kernel at every width that it is compiled for, whether this machine is fast at it or not, against sums in double.</summary>
public sealed unsafe class MicroKernelTests
{
    private const int PanelWidth = 32;

    public static TheoryData<int> Depths => [0, 1, 2, 3, 7, 16, 67];

    [Theory]
    [MemberData(nameof(Depths))]
    public void Panel_EveryNumberOfRowsAndWidth_IsTheProduct(int depth)
    {
        for (int rows = 0; rows <= 40; rows++)
        {
            Check<Lanes128, Vector128<float>>(rows, depth);
            Check<Lanes256, Vector256<float>>(rows, depth);
            Check<Lanes512, Vector512<float>>(rows, depth);
        }
    }

    [Fact]
    public void Panel_EveryWidthAndTile_GivesTheSameBits()
    {
        const int rows = 29, depth = 131;
        GuardedFloats a = GuardedFloats.Random(rows * depth, 1), b = GuardedFloats.Random(depth * PanelWidth, 2);
        float[] narrow = Multiply<Lanes128, Vector128<float>>(rows, a, b, depth), middle = Multiply<Lanes256, Vector256<float>>(rows, a, b, depth);
        float[] wide = Multiply<Lanes512, Vector512<float>>(rows, a, b, depth);
        Assert.Equal(narrow, middle);
        Assert.Equal(narrow, wide);
        for (int row = 0; row < rows; row++)
        {
            var alone = new GuardedFloats(PanelWidth);
            Panel<Lanes512, Vector512<float>>(1, a.Pointer + (row * depth), b.Pointer, depth, alone.Pointer, PanelWidth, accumulate: false);
            Assert.Equal(wide.AsSpan(row * PanelWidth, PanelWidth), alone.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public void Row_EveryNumberOfPanelsAndWidth_HasTheBitsOfPanels(int depth)
    {
        for (int panels = 0; panels <= 15; panels++)
        {
            CheckRow<Lanes128, Vector128<float>>(panels, depth);
            CheckRow<Lanes256, Vector256<float>>(panels, depth);
            CheckRow<Lanes512, Vector512<float>>(panels, depth);
        }
    }

    private static void CheckRow<L, V>(int panels, int depth)
        where L : ILanes<V>
        where V : struct
    {
        int stride = (depth + 3) * PanelWidth;
        GuardedFloats a = GuardedFloats.Random(depth, panels + 1), b = GuardedFloats.Random(panels * stride, depth + 2);
        foreach (bool accumulate in (bool[])[false, true])
        {
            GuardedFloats row = GuardedFloats.Random(panels * PanelWidth, 3), expected = GuardedFloats.Random(panels * PanelWidth, 3);
            MicroKernel<L, V>.Row<FloatPanels<L, V>>(a.Pointer, b.Pointer, stride, panels, depth, row.Pointer, accumulate);
            row.AssertGuardsIntact();
            for (int panel = 0; panel < panels; panel++)
                Panel<L, V>(1, a.Pointer, b.Pointer + (panel * stride), depth, expected.Pointer + (panel * PanelWidth), PanelWidth, accumulate);
            Assert.Equal(expected.Span, row.Span);
        }
    }

    private static void Check<L, V>(int rows, int depth)
        where L : ILanes<V>
        where V : struct
    {
        const int cRow = PanelWidth + 5;
        foreach (bool transposed in (bool[])[false, true])
            foreach (bool accumulate in (bool[])[false, true])
            {
                GuardedFloats a = GuardedFloats.Random(rows * depth, rows + 1), b = GuardedFloats.Random(depth * PanelWidth, depth + 2);
                GuardedFloats c = GuardedFloats.Random(rows * cRow, 3), before = GuardedFloats.Random(rows * cRow, 3);
                (nint aRow, nint aStep) = transposed ? (1, rows) : (depth, 1);
                var product = new Product { A = a.Pointer, AStride = rows, B = b.Pointer, BStep = PanelWidth, Depth = depth };
                if (transposed)
                    MicroKernel<L, V>.TransposedPanel(rows, product, c.Pointer, cRow, accumulate);
                else
                    Panel<L, V>(rows, a.Pointer, b.Pointer, depth, c.Pointer, cRow, accumulate);
                c.AssertGuardsIntact();
                for (int r = 0; r < rows; r++)
                    for (int j = 0; j < cRow; j++)
                    {
                        double expected = j >= PanelWidth || accumulate ? before.Span[(r * cRow) + j] : 0;
                        for (int k = 0; k < depth && j < PanelWidth; k++)
                            expected += (double)a.Span[(int)((r * aRow) + (k * aStep))] * b.Span[(k * PanelWidth) + j];
                        Assert.Equal(expected, c.Span[(r * cRow) + j], 1e-5);
                    }
            }
    }

    private static float[] Multiply<L, V>(int rows, GuardedFloats a, GuardedFloats b, int depth)
        where L : ILanes<V>
        where V : struct
    {
        var c = new GuardedFloats(rows * PanelWidth);
        Panel<L, V>(rows, a.Pointer, b.Pointer, depth, c.Pointer, PanelWidth, accumulate: false);
        return c.Span.ToArray();
    }

    private static void Panel<L, V>(int rows, float* a, float* b, int depth, float* c, nint cRow, bool accumulate)
        where L : ILanes<V>
        where V : struct
    {
        var product = new Product { A = a, AStride = depth, B = b, Depth = depth };
        MicroKernel<L, V>.Panel<FloatPanels<L, V>>(rows, &product, 1, c, cRow, accumulate);
    }
}
