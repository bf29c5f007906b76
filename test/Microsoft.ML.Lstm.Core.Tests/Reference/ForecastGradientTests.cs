using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>The reference forecasting network's gradients against central differences, in double precision.</summary>
public class ForecastGradientTests
{
    private const double Step = 1e-5, Tolerance = 1e-6, Noise = 1e-10;

    public static TheoryData<string> Names => ForecastCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_EveryGradient_IsTheSlope(string name)
    {
        ForecastCase example = ForecastCases.Named(name);
        ReferenceForecastNetwork network = example.Network();
        SequenceBatch batch = example.Batch();
        ForecastMasks masks = example.Masks(batch);
        ReferenceResult result = network.Run(batch, masks);

        foreach (ParameterSlice slice in network.Layout.Slices)
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++)
                AssertSlope(result.Gradients[i], network.Weights, i, () => network.Loss(batch, masks), $"{slice.Name}[{i - slice.Offset}]");

        double[] features = Array.ConvertAll(batch.Features.ToArray(), x => (double)x);
        int size = example.Spec.InputSize;
        for (int i = 0; i < features.Length; i++)
            AssertSlope(result.InputGradients[i / size][i % size], features, i, () => network.Loss(batch, masks, features), $"features[{i}]");
    }

    [Fact]
    public void Run_SomeCase_HasAGradientOfEveryParameter()
    {
        var open = ForecastCases.All.SelectMany(c => new ParameterLayout(c.Spec).Slices).Select(s => s.Name).ToHashSet();
        foreach (ForecastCase example in ForecastCases.All)
        {
            ReferenceForecastNetwork network = example.Network();
            double[] gradients = network.Run(example.Batch()).Gradients;
            foreach (ParameterSlice slice in network.Layout.Slices)
                if (gradients.Skip(slice.Offset).Take(slice.Length).Any(g => Math.Abs(g) > 1e-9))
                    open.Remove(slice.Name);
        }
        Assert.Empty(open);
    }

    [Fact]
    public void All_OfTheCases_HoldEveryPairOfFactors()
    {
        var found = ForecastCases.All.SelectMany(c => PairwiseTable.PairsOf(c.Name.Split(' '))).ToHashSet();
        string[][] factors = ForecastCases.Factors;
        for (int i = 0; i < factors.Length; i++)
            for (int j = i + 1; j < factors.Length; j++)
                Assert.All(factors[i], a => Assert.All(factors[j], b => Assert.Contains((a, b), found)));
    }

    private static void AssertSlope(double gradient, double[] values, int index, Func<double> loss, string what)
    {
        double kept = values[index];
        values[index] = kept + Step;
        double above = loss();
        values[index] = kept - Step;
        double below = loss();
        values[index] = kept;
        double slope = (above - below) / (2 * Step);
        Assert.True(Math.Abs(gradient - slope) <= (Tolerance * Math.Max(Math.Abs(gradient), Math.Abs(slope))) + Noise, $"{what}: gradient {gradient:R}, slope {slope:R}");
    }
}
