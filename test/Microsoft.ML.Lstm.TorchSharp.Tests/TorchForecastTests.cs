using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The forecasting network by libtorch against the double-precision reference.</summary>
public sealed class TorchForecastTests
{
    private const double Tolerance = 1e-4;

    // Gradients that are small beside the network's largest are the difference of large terms: they share its rounding.
    private const double Floor = 1e-2;

    public static TheoryData<string> Names => [.. ForecastCases.All.Concat(ForecastCases.Wide).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictAndComputeGradient_AnyForecastNetwork_AgreeWithTheReference(string name)
    {
        ForecastCase example = ForecastCases.Named(name) with { Dropout = false };
        ReferenceForecastNetwork network = example.Network();
        using ITrainingEngine engine = Create(example);
        for (int variant = 0; variant < 2; variant++)
        {
            SequenceBatch batch = example.Batch(variant);
            ReferenceResult expected = network.Run(batch);
            float[] outputs = new float[expected.Outputs.Length], gradient = new float[engine.Parameters.BlockLength];

            engine.Predict(batch, outputs);
            LossSum loss = engine.ComputeGradient(batch, gradient);

            AssertClose(expected.Outputs, outputs, 0, "outputs");
            AssertClose([expected.Loss.Sum, expected.Loss.Weight], [(float)loss.Sum, (float)loss.Weight], 0, "loss");
            double[] sums = Array.ConvertAll(expected.Gradients, g => g * expected.Loss.Weight);
            AssertClose(sums, gradient, Floor * sums.Max(Math.Abs), "gradient");
        }
    }

    [Fact]
    public void TrainStep_WithEveryDropout_IsTheSameForTheSameSeedAndUpdate()
    {
        ForecastCase example = ForecastCases.Wide[0] with { Missing = false };
        var dropout = new RegularizationSpec { InputDropout = 0.2f, LayerDropout = 0.2f, OutputDropout = 0.2f, SeriesDropout = 0.3f };
        using ITrainingEngine one = Create(example, dropout), two = Create(example, dropout), none = Create(example);
        SequenceBatch batch = example.Batch();

        StepResult first = one.Step(batch, 0), second = one.Step(batch, 0);

        Assert.Equal(first, two.Step(batch, 0));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, none.Step(batch, 0));
    }

    private static ITrainingEngine Create(ForecastCase example, RegularizationSpec? dropout = null)
    {
        ITrainingEngine engine = new TorchTrainingEngine().Create(new EngineRequest(
            example.Spec, Plain.Engine with { Loss = example.Loss, Seed = example.Seed, Threads = 2, Regularization = dropout ?? new() { SeriesDropout = 0 } }));
        engine.ImportWeights(Array.ConvertAll(example.Network().Weights, w => (float)w));
        return engine;
    }

    private static void AssertClose(double[] expected, float[] found, double floor, string what)
    {
        double scale = Math.Max(floor, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance * scale, Invariant($"{what}[{i}]: Torch {found[i]:R}, reference {expected[i]:R}, of magnitude {scale:R}"));
    }
}
