using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

public sealed unsafe class SoftmaxLossTests
{
    [Fact]
    public void Softmax_LargeLogits_DoesNotOverflow()
    {
        float[] y = [1000, 1001];
        fixed (float* p = y)
            SoftmaxLoss.Softmax(p, 2);
        Assert.Equal(1 / (1 + Math.E), y[0], 1e-6);
        Assert.Equal(Math.E / (1 + Math.E), y[1], 1e-6);
    }

    /// <summary>A training that diverges must be seen wherever the NaN stands among the vectors.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(77)]
    [InlineData(130)]
    public void CrossEntropy_OfALogitThatIsNaN_IsNaN(int at)
    {
        GuardedFloats logits = GuardedFloats.Random(131, 1);
        logits.Span[at] = float.NaN;
        Assert.True(double.IsNaN(SoftmaxLoss.CrossEntropy(logits.Pointer, 131, 5, 0, 1, gradient: true)));
        Assert.All(logits.Span.ToArray(), d => Assert.True(float.IsNaN(d)));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void CrossEntropy_EveryLength_AgreesWithTheFormula(float smoothing)
    {
        for (int n = 1; n <= 67; n++)
        {
            GuardedFloats y = GuardedFloats.Random(n, n);
            double[] logits = [.. y.Span.ToArray().Select(x => (double)x)];
            double total = logits.Sum(Math.Exp);
            int target = n / 2;
            double loss = SoftmaxLoss.CrossEntropy(y.Pointer, n, target, smoothing, scale: 0.5f, gradient: true);
            y.AssertGuardsIntact();
            double expected = 0;
            for (int j = 0; j < n; j++)
            {
                double probability = Math.Exp(logits[j]) / total, wanted = (smoothing / n) + (j == target ? 1 - smoothing : 0);
                expected -= wanted * Math.Log(probability);
                Assert.Equal(0.5 * (probability - wanted), y.Span[j], 1e-6);
            }
            Assert.Equal(expected, loss, 1e-5);
        }
    }
}
