using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Core.Tests.Golden;

/// <summary>Our optimisers, driven by the reference network's gradients, against ten steps of PyTorch's.</summary>
public class GoldenCurveTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Curves => [.. GoldenFile.Names("curve-")];

    [Theory]
    [MemberData(nameof(Curves))]
    public void Update_TenSteps_AreThoseOfPyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Named(name);
        EngineOptions options = golden.Options;
        float[] weights = golden.Weights();
        var network = new ReferenceNetwork(golden.Spec, options.Loss);
        var optimizer = new Optimizer(options.Optimizer, weights.Length);
        SequenceBatch[] batches = [golden.Batch("batch0/"), golden.Batch("batch1/"), golden.Batch("batch2/")];
        float[] rates = golden.Tensors.Values<float>("learning_rates").ToArray();
        for (int step = 0; step < rates.Length; step++)
        {
            Array.ConvertAll(weights, w => (double)w).CopyTo(network.Weights, 0);
            ReferenceResult result = network.Run(batches[step % batches.Length]);
            double limit = options.ClipValue ?? double.PositiveInfinity;
            double[] gradients = Array.ConvertAll(result.Gradients, g => Math.Clamp(g, -limit, limit));
            double norm = Math.Sqrt(gradients.Sum(g => g * g));
            GoldenCurve.AssertStep(golden, step, result.Loss.Mean, norm, Tolerance);

            double scale = Math.Min(1, (options.ClipNorm ?? double.PositiveInfinity) / norm);
            optimizer.BeginStep();
            optimizer.Update(weights, Array.ConvertAll(gradients, g => (float)(g * scale)), 0, rates[step]);
        }
        GoldenCurve.AssertFinalWeights(golden, weights, Tolerance);
    }

    [Fact]
    public void Recordings_EveryOptimizer_IsThere() =>
        Assert.Equal(
            Enum.GetValues<OptimizerKind>(),
            [.. GoldenFile.Names("curve-").Select(name => GoldenFile.Named(name).Options.Optimizer.Kind).Distinct().Order()]);
}
