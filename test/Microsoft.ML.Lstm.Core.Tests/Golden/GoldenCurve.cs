using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Golden;

/// <summary>Compares training with a golden curve.</summary>
internal static class GoldenCurve
{
    public static void AssertStep(GoldenFile golden, int step, double loss, double gradientNorm, double tolerance)
    {
        AssertClose(golden.Tensors.Values<double>("losses")[step], loss, tolerance, $"step {step}: loss");
        AssertClose(golden.Tensors.Values<double>("gradient_norms")[step], gradientNorm, tolerance, $"step {step}: gradient norm");
    }

    public static void AssertFinalWeights(GoldenFile golden, float[] weights, double tolerance)
    {
        foreach (ParameterSlice slice in golden.Layout.Slices)
        {
            ReadOnlySpan<double> expected = golden.Tensors.Values<double>("final/" + slice.Name);
            for (int i = 0; i < slice.Length; i++)
                AssertClose(expected[i], weights[slice.Offset + i], tolerance, $"{slice.Name}[{i}]");
        }
    }

    private static void AssertClose(double expected, double found, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - found) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {found:R}, PyTorch {expected:R}");
}
