using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Products over whole matrices: packed panels, blocks of the long dimension, the transposed product, at tile edges and beside them.</summary>
public sealed unsafe class GemmTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 31, 33)]
    [InlineData(13, 64, 32)]
    [InlineData(25, 100, 40)]
    [InlineData(3, 2100, 65)]
    public void Panels_ForwardAndBackward_AgreeWithSumsInDouble(int rows, int inputs, int outputs)
    {
        GuardedFloats x = GuardedFloats.Random(rows * inputs, 1), w = GuardedFloats.Random(outputs * inputs, 2);
        int stride = Gemm.Stride(outputs);
        var packed = new GuardedFloats(stride * inputs);
        for (int panel = 0; panel < Gemm.Panels(outputs); panel++)
        {
            int[] sources = [.. Enumerable.Range(panel * Gemm.PanelWidth, Gemm.PanelWidth).Select(j => j < outputs ? j : -1)];
            Packing.TransposedPanel(sources, w.Pointer, inputs, packed.Pointer + (panel * inputs * Gemm.PanelWidth));
        }
        var y = new GuardedFloats(rows * stride);
        Gemm.Panels(0, Gemm.Panels(outputs), outputs, rows, x.Pointer, inputs, packed.Pointer, inputs, y.Pointer, stride, accumulate: false);
        packed.AssertGuardsIntact();
        y.AssertGuardsIntact();
        for (int r = 0; r < rows; r++)
            for (int o = 0; o < stride; o++)
                Assert.Equal(o < outputs ? Dot(x.Span.Slice(r * inputs, inputs), w.Span.Slice(o * inputs, inputs)) : 0, y.Span[(r * stride) + o], 1e-4);

        // dX = dY·W, from W in panels as it is.
        var back = new GuardedFloats(Gemm.Stride(inputs) * outputs);
        for (int panel = 0; panel < Gemm.Panels(inputs); panel++)
            Packing.Panel(panel, w.Pointer, outputs, inputs, back.Pointer + (panel * outputs * Gemm.PanelWidth));
        var dx = new GuardedFloats(rows * Gemm.Stride(inputs));
        Gemm.Panels(0, Gemm.Panels(inputs), inputs, rows, y.Pointer, stride, back.Pointer, outputs, dx.Pointer, Gemm.Stride(inputs), accumulate: false);
        for (int i = 0; i < inputs; i++)
        {
            double expected = Enumerable.Range(0, outputs).Sum(o => (double)y.Span[o] * w.Span[(o * inputs) + i]);
            Assert.Equal(expected, dx.Span[i], 1e-3 * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>
    /// Halves of panels without rows of W, as a GRU has them, cost nothing, and have the bits that all columns would: zeros, or what they
    /// were added to.
    /// </summary>
    [Theory]
    [InlineData(2, 5)]
    [InlineData(7, 40)]
    [InlineData(30, 1100)]
    public void Panels_HalvesWithoutRows_HaveTheBitsOfWholePanels(int rows, int depth)
    {
        int half = Gemm.PanelWidth / 2, row = 0;
        int[] sources = [.. new[] { (true, true), (true, false), (false, true), (false, false), (true, true) }
            .SelectMany(panel => Halves(panel.Item1).Concat(Halves(panel.Item2)))];
        int[] Halves(bool isFull) => [.. Enumerable.Range(0, half).Select(j => isFull && j < half - 3 ? row++ : -1)];
        GuardedFloats w = GuardedFloats.Random(row * depth, 1), a = GuardedFloats.Random(rows * depth, 2);
        var matrix = new PackedMatrix(sources, depth, WeightPrecision.Single);
        matrix.Pack(w.Pointer, 0, matrix.PanelCount);
        Assert.True(matrix.HasEmptyHalves);
        foreach (bool accumulate in new[] { false, true })
        {
            GuardedFloats whole = GuardedFloats.Random(rows * sources.Length, 3), found = GuardedFloats.Random(rows * sources.Length, 3);
            Gemm.Panels(0, matrix.PanelCount, sources.Length, rows, a.Pointer, depth, matrix.Panel(0), depth, whole.Pointer, sources.Length, accumulate);
            Gemm.Panels(0, matrix.PanelCount, rows, a.Pointer, depth, matrix, found.Pointer, sources.Length, accumulate);

            found.AssertGuardsIntact();
            Assert.Equal(whole.Span.ToArray(), found.Span.ToArray());
        }
    }

    /// <summary>
    /// Two products in one pass over their result, panels of which have columns of either, of both or of none, as a GRU's: the bits of one after
    /// the other.
    /// </summary>
    [Theory]
    [InlineData(1, 1, 40)]
    [InlineData(2, 3, 40)]
    [InlineData(13, 40, 5)]
    [InlineData(37, 16, 129)]
    [InlineData(15, 7, 1100)]
    public void Panels_OfTwoProducts_HaveTheBitsOfOneAfterTheOther(int rows, int inputs, int units)
    {
        int half = Gemm.PanelWidth / 2;
        int[] ofX = Sources(true, true, true, false, true, false, false, false, false, true);
        int[] ofH = Sources(true, true, false, true, true, false, false, false, true, true);
        int[] Sources(params bool[] halves) =>
            [.. halves.SelectMany((isFull, i) => Enumerable.Range(0, half).Select(j => isFull ? (i * half) + j : -1))];
        GuardedFloats wX = GuardedFloats.Random(ofX.Length * inputs, 1), wH = GuardedFloats.Random(ofH.Length * units, 2);
        GuardedFloats x = GuardedFloats.Random(rows * inputs, 3), h = GuardedFloats.Random(rows * units, 4);
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            PackedMatrix w = new(ofX, inputs, precision), u = new(ofH, units, precision);
            w.Pack(wX.Pointer, 0, w.PanelCount);
            u.Pack(wH.Pointer, 0, u.PanelCount);
            GuardedFloats expected = GuardedFloats.Random(rows * ofX.Length, 5), found = GuardedFloats.Random(rows * ofX.Length, 6);
            Gemm.Panels(0, w.PanelCount, rows, x.Pointer, inputs, w, expected.Pointer, ofX.Length, accumulate: false);
            Gemm.Panels(0, u.PanelCount, rows, h.Pointer, units, u, expected.Pointer, ofX.Length, accumulate: true);

            Gemm.Panels(0, w.PanelCount, rows, x.Pointer, inputs, w, h.Pointer, units, u, found.Pointer, ofX.Length);

            found.AssertGuardsIntact();
            Assert.Contains(found.Span.ToArray(), value => value != 0);
            Assert.Equal(expected.Span.ToArray(), found.Span.ToArray());
        }
    }

    /// <summary>Some columns of W give what all do where the others meet zeros.</summary>
    [Theory]
    [InlineData(1, 40, 0, 13)]
    [InlineData(1, 40, 13, 40)]
    [InlineData(7, 40, 0, 40)]
    [InlineData(7, 300, 120, 300)]
    [InlineData(30, 33, 1, 2)]
    public void Panels_OfSomeInputs_HaveTheBitsOfZerosElsewhere(int rows, int depth, int first, int last)
    {
        // A whole panel, one of half of the columns, and a whole one.
        int[] sources = [.. Enumerable.Range(0, 3 * Gemm.PanelWidth).Select(j => j is >= 48 and < 64 ? -1 : j)];
        GuardedFloats w = GuardedFloats.Random(sources.Length * depth, 1), some = GuardedFloats.Random(rows * (last - first), 2), all = new(rows * depth);
        for (int r = 0; r < rows; r++)
            some.Span.Slice(r * (last - first), last - first).CopyTo(all.Span[((r * depth) + first)..]);
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            var matrix = new PackedMatrix(sources, depth, precision);
            matrix.Pack(w.Pointer, 0, matrix.PanelCount);
            GuardedFloats whole = new(rows * sources.Length), found = new(rows * sources.Length);
            Gemm.Panels(0, matrix.PanelCount, rows, all.Pointer, depth, matrix, whole.Pointer, sources.Length, accumulate: false);
            Gemm.Panels(0, matrix.PanelCount, first..last, rows, some.Pointer, last - first, matrix, found.Pointer, sources.Length, accumulate: false);

            found.AssertGuardsIntact();
            Assert.Contains(found.Span.ToArray(), value => value != 0);
            Assert.Equal(whole.Span.ToArray(), found.Span.ToArray());
        }
    }

    /// <summary>What is padding in the last panel may be left out; what is not has the same bits, and nothing beyond the panel is touched.</summary>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(7, 100)]
    [InlineData(13, 74)]
    [InlineData(13, 1)]
    [InlineData(30, 96)]
    public void Panels_OfWhichTheLastIsPadded_GivesTheColumns(int rows, int columns)
    {
        const int depth = 1100;
        int stride = Gemm.Stride(columns);
        GuardedFloats a = GuardedFloats.Random(rows * depth, 1), b = GuardedFloats.Random(stride * depth, 2), all = new(rows * stride), some = new(rows * stride);
        Gemm.Panels(0, Gemm.Panels(columns), stride, rows, a.Pointer, depth, b.Pointer, depth, all.Pointer, stride, accumulate: false);
        Gemm.Panels(0, Gemm.Panels(columns), columns, rows, a.Pointer, depth, b.Pointer, depth, some.Pointer, stride, accumulate: false);
        some.AssertGuardsIntact();
        for (int r = 0; r < rows; r++)
            Assert.Equal(all.Span.Slice(r * stride, columns), some.Span.Slice(r * stride, columns));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(40, 7, 33)]
    [InlineData(40, 8, 33)]
    [InlineData(100, 33, 70)]
    [InlineData(97, 31, 1)]
    [InlineData(33, 44, 70)]
    [InlineData(100, 100, 50)]
    [InlineData(30, 65, 2100)]
    public void AddTransposed_Range_AddsOnlyThere(int rows, int columns, int depth)
    {
        int aStep = rows + 3, bStep = Gemm.Stride(columns), cRow = columns + 2;
        GuardedFloats a = GuardedFloats.Random(depth * aStep, 1), b = GuardedFloats.Random(depth * bStep, 2);
        GuardedFloats c = GuardedFloats.Random(rows * cRow, 3), before = GuardedFloats.Random(rows * cRow, 3);
        int first = rows / 3;
        Gemm.AddTransposed(first, rows, columns, depth, a.Pointer, aStep, b.Pointer, bStep, c.Pointer, cRow);
        c.AssertGuardsIntact();
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < cRow; j++)
            {
                double expected = before.Span[(r * cRow) + j];
                for (int k = 0; k < depth && r >= first && j < columns; k++)
                    expected += (double)a.Span[(k * aStep) + r] * b.Span[(k * bStep) + j];
                Assert.Equal(expected, c.Span[(r * cRow) + j], 1e-4);
            }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(36)]
    [InlineData(44)]
    [InlineData(45)]
    public void AddTransposed_Column_HasTheSameBitsWhateverStandsBesideIt(int columns)
    {
        const int Rows = 50, Depth = 1100, Stride = 64;
        GuardedFloats a = GuardedFloats.Random(Depth * Rows, 1), b = GuardedFloats.Random(Depth * Stride, 2);
        GuardedFloats some = GuardedFloats.Random(Rows * Stride, 3), all = GuardedFloats.Random(Rows * Stride, 3);
        Gemm.AddTransposed(0, Rows, columns, Depth, a.Pointer, Rows, b.Pointer, Stride, some.Pointer, Stride);
        Gemm.AddTransposed(0, Rows, Stride, Depth, a.Pointer, Rows, b.Pointer, Stride, all.Pointer, Stride);
        for (int r = 0; r < Rows; r++)
            Assert.Equal(all.Span.Slice(r * Stride, columns), some.Span.Slice(r * Stride, columns));
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
