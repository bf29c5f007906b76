using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

public sealed unsafe class BFloat16Tests
{
    private const int Panel = 32;

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 1f)]
    // Between 1 and 1 + 2⁻⁷: just below the middle, the middle (to the even one), just above, and the middle above the odd one.
    [InlineData(1.00390613f, 1f)]
    [InlineData(1.00390625f, 1f)]
    [InlineData(1.00390637f, 1.0078125f)]
    [InlineData(1.01171875f, 1.015625f)]
    [InlineData(-1.00390637f, -1.0078125f)]
    [InlineData(float.Epsilon, 0f)]
    [InlineData(float.MaxValue, 3.3895314e38f)]
    [InlineData(float.MinValue, -3.3895314e38f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Round_Value_IsTheNearestOfTwoTheEven(float value, float expected) => Assert.Equal(expected, BFloat16.Round(value));

    [Fact]
    public void Round_RandomValues_ChangesByAtMostTheDocumentedShareAndClearsTheLowerHalf()
    {
        var random = new Random(1);
        double largest = 0;
        for (int i = 0; i < 100_000; i++)
        {
            float value = (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-60, 60))), rounded = BFloat16.Round(value);
            Assert.Equal(0u, BitConverter.SingleToUInt32Bits(rounded) & 0xFFFF);
            largest = Math.Max(largest, Math.Abs(((double)rounded - value) / value));
        }
        Assert.InRange(largest, 1 / 300.0, 1 / 256.0);
    }

    [Fact]
    public void WidenPanel_OfNarrowed_IsThePanel()
    {
        const int depth = 5;
        GuardedFloats panel = Rounded(depth * Panel, 1), packed = new(depth * Panel / 2), widened = new(depth * Panel);
        BFloat16.NarrowPanel(panel.Pointer, depth, packed.Pointer);
        BFloat16.WidenPanel(packed.Pointer, depth, widened.Pointer);
        packed.AssertGuardsIntact();
        Assert.Equal(panel.Span, widened.Span);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37)]
    public void Product_EveryWidthOfVectors_HasTheBitsOfFloatPanels(int depth)
    {
        for (int panels = 1; panels <= 7; panels++)
        {
            Check<Lanes128, Vector128<float>>(panels, depth);
            Check<Lanes256, Vector256<float>>(panels, depth);
            Check<Lanes512, Vector512<float>>(panels, depth);
        }
    }

    private static void Check<L, V>(int panels, int depth)
        where L : ILanes<V>
        where V : struct
    {
        const int rows = 15;
        GuardedFloats b = Rounded(panels * depth * Panel, panels), packed = new(panels * depth * Panel / 2), a = GuardedFloats.Random(rows * depth, 2);
        BFloat16.NarrowPanel(b.Pointer, panels * depth, packed.Pointer);
        foreach (bool accumulate in (bool[])[false, true])
        {
            GuardedFloats expected = GuardedFloats.Random(rows * Panel, 3), found = GuardedFloats.Random(rows * Panel, 3);
            Product whole = new() { A = a.Pointer, AStride = depth, B = b.Pointer, Depth = depth }, narrow = whole with { B = packed.Pointer };
            MicroKernel<L, V>.Panel<FloatPanels<L, V>>(rows, &whole, 1, expected.Pointer, Panel, accumulate);
            MicroKernel<L, V>.Panel<BFloat16Panels<L, V>>(rows, &narrow, 1, found.Pointer, Panel, accumulate);
            found.AssertGuardsIntact();
            Assert.Equal(expected.Span, found.Span);
            (expected, found) = (GuardedFloats.Random(panels * Panel, 3), GuardedFloats.Random(panels * Panel, 3));
            MicroKernel<L, V>.Row<FloatPanels<L, V>>(a.Pointer, b.Pointer, depth * Panel, panels, depth, expected.Pointer, accumulate);
            MicroKernel<L, V>.Row<BFloat16Panels<L, V>>(a.Pointer, packed.Pointer, depth * Panel / 2, panels, depth, found.Pointer, accumulate);
            found.AssertGuardsIntact();
            Assert.Equal(expected.Span, found.Span);
        }
    }

    private static GuardedFloats Rounded(int length, int seed)
    {
        GuardedFloats values = GuardedFloats.Random(length, seed);
        foreach (ref float value in values.Span)
            value = BFloat16.Round(value);
        return values;
    }
}
