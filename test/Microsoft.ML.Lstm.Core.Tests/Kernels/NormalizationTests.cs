using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Every length from 1 to 67, in guarded buffers, against the formula in double.</summary>
public sealed unsafe class NormalizationTests
{
    [Fact]
    public void Forward_EveryLength_IsTheFormula()
    {
        for (int n = 1; n <= 67; n++)
        {
            GuardedFloats x = GuardedFloats.Random(n, n);
            double[] before = [.. x.Span.ToArray().Select(value => (double)value)];
            double mean = before.Average(), reciprocal = 1 / Math.Sqrt(before.Average(value => (value - mean) * (value - mean)) + 1e-5);
            Assert.Equal(reciprocal, Normalization.Forward(x.Pointer, n), 1e-4 * reciprocal);
            x.AssertGuardsIntact();
            for (int j = 0; j < n; j++)
                Assert.Equal((before[j] - mean) * reciprocal, x.Span[j], 1e-6);
        }
    }

    [Fact]
    public void Backward_EveryLength_IsTheFormula()
    {
        for (int n = 1; n <= 67; n++)
        {
            GuardedFloats d = GuardedFloats.Random(n, 1), normalized = GuardedFloats.Random(n, 2), dx = new(n);
            double mean = 0, slope = 0;
            for (int j = 0; j < n; j++)
                (mean, slope) = (mean + ((double)d.Span[j] / n), slope + ((double)d.Span[j] * normalized.Span[j] / n));
            Normalization.Backward(d.Pointer, normalized.Pointer, 1.5f, dx.Pointer, n);
            dx.AssertGuardsIntact();
            for (int j = 0; j < n; j++)
                Assert.Equal((d.Span[j] - mean - (normalized.Span[j] * slope)) * 1.5, dx.Span[j], 1e-6);
        }
    }
}
