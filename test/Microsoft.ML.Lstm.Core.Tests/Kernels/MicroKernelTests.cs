using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>The micro-kernel at every width that it is compiled for, whether this machine is fast at it or not, against sums in double.</summary>
public sealed unsafe class MicroKernelTests
{
    private const int Panel = 32;

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
        GuardedFloats a = GuardedFloats.Random(rows * depth, 1), b = GuardedFloats.Random(depth * Panel, 2);
        float[] narrow = Product<Lanes128, Vector128<float>>(rows, a, b, depth), middle = Product<Lanes256, Vector256<float>>(rows, a, b, depth);
        float[] wide = Product<Lanes512, Vector512<float>>(rows, a, b, depth);
        Assert.Equal(narrow, middle);
        Assert.Equal(narrow, wide);
        for (int row = 0; row < rows; row++)
        {
            var alone = new GuardedFloats(Panel);
            MicroKernel<Lanes512, Vector512<float>>.Panel<FloatPanels<Lanes512, Vector512<float>>>(1, a.Pointer + (row * depth), depth, 1, b.Pointer, Panel, depth, alone.Pointer, Panel, accumulate: false);
            Assert.Equal(wide.AsSpan(row * Panel, Panel), alone.Span);
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
        int stride = (depth + 3) * Panel;
        GuardedFloats a = GuardedFloats.Random(depth, panels + 1), b = GuardedFloats.Random(panels * stride, depth + 2);
        foreach (bool accumulate in (bool[])[false, true])
        {
            GuardedFloats row = GuardedFloats.Random(panels * Panel, 3), expected = GuardedFloats.Random(panels * Panel, 3);
            MicroKernel<L, V>.Row<FloatPanels<L, V>>(a.Pointer, b.Pointer, stride, panels, depth, row.Pointer, accumulate);
            row.AssertGuardsIntact();
            for (int panel = 0; panel < panels; panel++)
                MicroKernel<L, V>.Panel<FloatPanels<L, V>>(1, a.Pointer, depth, 1, b.Pointer + (panel * stride), Panel, depth, expected.Pointer + (panel * Panel), Panel, accumulate);
            Assert.Equal(expected.Span, row.Span);
        }
    }

    private static void Check<L, V>(int rows, int depth)
        where L : ILanes<V>
        where V : struct
    {
        const int cRow = Panel + 5;
        foreach (bool transposed in (bool[])[false, true])
            foreach (bool accumulate in (bool[])[false, true])
            {
                GuardedFloats a = GuardedFloats.Random(rows * depth, rows + 1), b = GuardedFloats.Random(depth * Panel, depth + 2);
                GuardedFloats c = GuardedFloats.Random(rows * cRow, 3), before = GuardedFloats.Random(rows * cRow, 3);
                (nint aRow, nint aStep) = transposed ? (1, rows) : (depth, 1);
                MicroKernel<L, V>.Panel<FloatPanels<L, V>>(rows, a.Pointer, aRow, aStep, b.Pointer, Panel, depth, c.Pointer, cRow, accumulate);
                c.AssertGuardsIntact();
                for (int r = 0; r < rows; r++)
                    for (int j = 0; j < cRow; j++)
                    {
                        double expected = j >= Panel || accumulate ? before.Span[(r * cRow) + j] : 0;
                        for (int k = 0; k < depth && j < Panel; k++)
                            expected += (double)a.Span[(int)((r * aRow) + (k * aStep))] * b.Span[(k * Panel) + j];
                        Assert.Equal(expected, c.Span[(r * cRow) + j], 1e-5);
                    }
            }
    }

    private static float[] Product<L, V>(int rows, GuardedFloats a, GuardedFloats b, int depth)
        where L : ILanes<V>
        where V : struct
    {
        var c = new GuardedFloats(rows * Panel);
        MicroKernel<L, V>.Panel<FloatPanels<L, V>>(rows, a.Pointer, depth, 1, b.Pointer, Panel, depth, c.Pointer, Panel, accumulate: false);
        return c.Span.ToArray();
    }
}
