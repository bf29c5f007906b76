using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Golden;

/// <summary>The managed engine, in floats, against PyTorch's double-precision recordings.</summary>
public class GoldenEngineTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Networks => [.. GoldenFile.Names("network-")];

    public static TheoryData<string> Curves => [.. GoldenFile.Names("curve-")];

    [Theory]
    [MemberData(nameof(Networks))]
    public void MeanGradient_Recording_GivesOutputsLossAndGradientsOfPyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Named(name);
        SequenceBatch batch = golden.Batch();
        using ManagedEngine engine = Engine(golden);
        double[] expected = golden.Outputs(batch);
        var outputs = new float[expected.Length];
        var gradients = new float[golden.Layout.BlockLength];

        engine.Predict(batch, outputs);
        double loss = engine.MeanGradient(batch, gradients);

        AssertClose(expected, outputs, Tolerance, "outputs");
        AssertClose(golden.Tensors.Values<double>("loss"), [(float)loss], Tolerance, "loss");
        foreach (ParameterSlice slice in golden.Layout.Slices)
        {
            ReadOnlySpan<double> gradient = golden.Tensors.Values<double>("gradients/" + slice.Name);
            AssertClose(gradient, gradients.AsSpan(slice.Offset, slice.Length), GradientTolerance(gradient), slice.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void TrainStep_TenSteps_AreThoseOfPyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Named(name);
        SequenceBatch[] batches = [golden.Batch("batch0/"), golden.Batch("batch1/"), golden.Batch("batch2/")];
        float[] rates = golden.Tensors.Values<float>("learning_rates").ToArray();
        using ManagedEngine engine = Engine(golden);
        for (int step = 0; step < rates.Length; step++)
        {
            StepResult result = engine.Step(batches[step % batches.Length], rates[step]);
            GoldenCurve.AssertStep(golden, step, result.MeanLoss, result.GradientNorm, Tolerance);
        }
        var weights = new float[golden.Layout.BlockLength];
        engine.ExportWeights(weights);
        GoldenCurve.AssertFinalWeights(golden, weights, Tolerance);
    }

    private static ManagedEngine Engine(GoldenFile golden)
    {
        var engine = new ManagedEngine(golden.Spec, golden.Options with { Threads = 2 });
        engine.ImportWeights(golden.Weights());
        return engine;
    }

    /// <summary>Floats carry 7 digits; a sum of a few dozen terms keeps 5 of the tensor's largest element.</summary>
    private static double GradientTolerance(ReadOnlySpan<double> gradient)
    {
        double largest = 1e-2;
        foreach (double g in gradient)
            largest = Math.Max(largest, Math.Abs(g));
        return Tolerance * largest;
    }

    private static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> found, double tolerance, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"{what}[{i}]: {found[i]:R}, PyTorch {expected[i]:R}");
    }
}
