using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Every length from 0 to 67, in guarded buffers.</summary>
public sealed unsafe class RowMathTests
{
    [Fact]
    public void Elementwise_EveryLength_AgreesWithTheFormula()
    {
        for (int n = 0; n <= 67; n++)
        {
            GuardedFloats a = GuardedFloats.Random(n, 1), b = GuardedFloats.Random(n, 2);
            Check(n, (to, _) => RowMath.Multiply(a.Pointer, b.Pointer, to.Pointer, n), (_, i) => a.Span[i] * b.Span[i]);
            Check(n, (to, _) => RowMath.AddProduct(a.Pointer, b.Pointer, to.Pointer, n), (c, i) => c + (float)(a.Span[i] * b.Span[i]));
            Check(n, (to, _) => RowMath.Add(a.Pointer, to.Pointer, n), (c, i) => c + a.Span[i]);
            Check(n, (to, _) => RowMath.AddConstant(to.Pointer, 0.3f, n), (c, _) => c + 0.3f);
            Check(n, (to, _) => RowMath.Scale(to.Pointer, -1.7f, n), (c, _) => c * -1.7f);
            Check(n, (to, _) => RowMath.Clamp(to.Pointer, 0.25f, n), (c, _) => Math.Clamp(c, -0.25f, 0.25f));
            Check(n, (to, _) => RowMath.AddColumnSums(a.Pointer, 0, 3, to.Pointer, n), (c, i) => c + a.Span[i] + a.Span[i] + a.Span[i]);
        }
    }

    [Fact]
    public void Sums_EveryLength_AgreeWithSumsInDouble()
    {
        for (int n = 0; n <= 67; n++)
        {
            GuardedFloats a = GuardedFloats.Random(n, n);
            double sum = 0, squares = 0;
            foreach (float x in a.Span)
                (sum, squares) = (sum + x, squares + ((double)x * x));
            Assert.Equal(sum, RowMath.Sum(a.Pointer, n), 1e-5);
            Assert.Equal(squares, RowMath.SumOfSquares(a.Pointer, n), 1e-12);
        }
    }

    private static void Check(int n, Action<GuardedFloats, int> kernel, Func<float, int, float> formula)
    {
        GuardedFloats to = GuardedFloats.Random(n, 3), before = GuardedFloats.Random(n, 3);
        kernel(to, n);
        to.AssertGuardsIntact();
        for (int i = 0; i < n; i++)
            Assert.Equal(formula(before.Span[i], i), to.Span[i]);
    }
}
