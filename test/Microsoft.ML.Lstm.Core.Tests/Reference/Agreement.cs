using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>How near the engine's floats come to the double-precision reference, parameter by parameter.</summary>
internal static class Agreement
{
    private const double Tolerance = 1e-4;

    // Gradients that are small beside the network's largest are the difference of large terms: they share its rounding.
    private const double Floor = 1e-2;

    /// <summary>Loss and gradients of a batch are the reference's, and the gaps between parameters stay zero.</summary>
    public static void AssertAgree(ReferenceResult expected, SequenceBatch batch, ManagedEngine engine, string what)
    {
        var found = new float[engine.Parameters.BlockLength];
        double loss = engine.MeanGradient(batch, found);

        AssertClose([expected.Loss.Mean], [(float)loss], 0, $"{what}: loss");
        double floor = Floor * expected.Gradients.Max(Math.Abs);
        var inGaps = (float[])found.Clone();
        foreach (ParameterSlice slice in engine.Parameters.Slices)
        {
            Range range = slice.Offset..(slice.Offset + slice.Length);
            AssertClose(expected.Gradients[range], found[range], floor, $"{what}: {slice.Name}");
            inGaps.AsSpan(range).Clear();
        }
        Assert.All(inGaps, gap => Assert.Equal(0, gap));
    }

    /// <summary>Values are the reference's, as far as floats can tell beside the largest of them or <paramref name="floor"/>.</summary>
    public static void AssertClose(double[] expected, float[] found, double floor, string what)
    {
        double scale = Math.Max(floor, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance * scale,
                $"{what}[{i}]: engine {found[i]:R}, reference {expected[i]:R}, of magnitude {scale:R}");
    }
}
