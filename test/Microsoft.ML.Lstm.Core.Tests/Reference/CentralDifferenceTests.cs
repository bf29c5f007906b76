using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>The reference network's gradients against (loss(w + ε) − loss(w − ε)) / 2ε, in double precision.</summary>
public class CentralDifferenceTests
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;

    // Below this a difference quotient is rounding noise: one unit in the last place of the loss, over two steps.
    private const double Noise = 1e-10;

    public static TheoryData<string> Names => NetworkCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EveryGradient_IsTheSlope(string name)
    {
        NetworkCase example = NetworkCases.Named(name);
        ReferenceNetwork network = example.Network();
        SequenceBatch batch = example.Batch();
        ReferenceMasks? masks = example.Masks(batch);
        ReferenceState[][]? initial = example.InitialStates();
        ReferenceResult result = network.Run(batch, masks, initial);

        foreach (ParameterSlice slice in network.Layout.Slices)
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++)
                AssertSlope(result.Gradients[i], network.Weights, i,
                    () => network.Loss(batch, masks, initial), $"{slice.Name}[{i - slice.Offset}]");

        double[] features = Array.ConvertAll(batch.Features.ToArray(), x => (double)x);
        int size = example.Spec.InputSize;
        for (int i = 0; i < features.Length; i++)
            AssertSlope(result.InputGradients[i / size][example.Spec.EmbeddingSize + i % size], features, i,
                () => network.Loss(batch, masks, initial, features), $"features[{i}]");
    }

    [Fact]
    public void Run_EveryParameter_HasAGradientSomewhere()
    {
        foreach (NetworkCase example in NetworkCases.All.Where(c => !c.CarriedState && c.Lengths.Max() > 1))
        {
            ReferenceNetwork network = example.Network();
            double[] gradients = network.Run(example.Batch()).Gradients;
            foreach (ParameterSlice slice in network.Layout.Slices)
                Assert.True(gradients.Skip(slice.Offset).Take(slice.Length).Any(g => Math.Abs(g) > 1e-9), $"{example.Name}: {slice.Name}");
        }
    }

    [Fact]
    public void Table_EveryPair_IsThere()
    {
        var found = NetworkCases.All.SelectMany(c => PairwiseTable.PairsOf(c.Name.Split(' '))).ToHashSet();
        string[][] factors = NetworkCases.Factors;
        for (int i = 0; i < factors.Length; i++)
            for (int j = i + 1; j < factors.Length; j++)
                Assert.All(factors[i], a => Assert.All(factors[j], b => Assert.Contains((a, b), found)));
    }

    private static void AssertSlope(double gradient, double[] values, int index, Func<double> loss, string what)
    {
        double slope = Slope(values, index, loss, Step);
        // Layer normalisation of nearly equal values bends so much that the error of order ε² shows; this leaves ε⁴ (Richardson).
        if (!Agree(gradient, slope))
            slope = (4 * slope - Slope(values, index, loss, 2 * Step)) / 3;
        Assert.True(Agree(gradient, slope), $"{what}: gradient {gradient:R}, slope {slope:R}");
    }

    private static double Slope(double[] values, int index, Func<double> loss, double step)
    {
        double kept = values[index];
        values[index] = kept + step;
        double above = loss();
        values[index] = kept - step;
        double below = loss();
        values[index] = kept;
        return (above - below) / (2 * step);
    }

    private static bool Agree(double a, double b) => Math.Abs(a - b) <= Tolerance * Math.Max(Math.Abs(a), Math.Abs(b)) + Noise;
}
