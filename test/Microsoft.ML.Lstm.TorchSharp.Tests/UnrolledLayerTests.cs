using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>Layers whose time loop is not libtorch's: every cell, by a dropout so rare that nothing is ever dropped.</summary>
public sealed class UnrolledLayerTests
{
    private const double Tolerance = 1e-4;
    private const float Never = 1e-30f;

    public static TheoryData<string> Names =>
        [.. NetworkCases.All.Concat(NetworkCases.Wide).Where(c => !c.Spec.LayerNormalization).Select(c => c.Name), .. ForecastCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputeGradient_RecurrentDropoutThatNeverDrops_IsTheReferences(string name)
    {
        ReferenceResult expected;
        ITrainingEngine engine;
        SequenceBatch batch;
        if (ForecastCases.All.FirstOrDefault(c => c.Name == name) is { } forecast)
        {
            (expected, batch) = ((forecast with { Dropout = false }).Network().Run(forecast.Batch()), forecast.Batch());
            engine = Create(new(forecast.Spec, Plain.Engine with { Loss = forecast.Loss }), forecast.Network().Weights);
        }
        else
        {
            NetworkCase example = NetworkCases.Named(name) with { Dropout = false };
            (expected, batch) = (example.Network().Run(example.Batch()), example.Batch());
            engine = Create(new(example.Spec, Plain.Engine with { Loss = example.Loss }), Array.ConvertAll(example.EngineWeights(), w => (double)w));
        }
        using ITrainingEngine created = engine;
        float[] gradient = new float[engine.Parameters.BlockLength];

        engine.ComputeGradient(batch, gradient);

        double[] sums = Array.ConvertAll(expected.Gradients, g => g * expected.Loss.Weight);
        double scale = sums.Max(Math.Abs);
        for (int i = 0; i < sums.Length; i++)
            Assert.True(Math.Abs(sums[i] - gradient[i]) <= Tolerance * scale, Invariant($"gradient[{i}]: Torch {gradient[i]:R}, reference {sums[i]:R}"));
    }

    [Fact]
    public void TrainStep_RecurrentDropout_DropsAnewInEachUpdate()
    {
        NetworkCase example = NetworkCases.Wide[0] with { Dropout = false };
        EngineRequest request = new(example.Spec, Plain.Engine with { Loss = example.Loss, Regularization = new() { RecurrentDropout = 0.4f } });
        using ITrainingEngine one = new TorchTrainingEngine().Create(request), two = new TorchTrainingEngine().Create(request);
        SequenceBatch batch = example.Batch();

        StepResult first = one.Step(batch, 0), second = one.Step(batch, 0);

        Assert.Equal(first, two.Step(batch, 0));
        Assert.NotEqual(first, second);
        Assert.Equal(one.Evaluate(batch), two.Evaluate(batch));
    }

    private static ITrainingEngine Create(EngineRequest request, double[] weights)
    {
        RegularizationSpec never = new() { RecurrentDropout = Never, SeriesDropout = 0 };
        ITrainingEngine engine = new TorchTrainingEngine().Create(request with { Options = request.Options with { Regularization = never, Threads = 1 } });
        engine.ImportWeights(Array.ConvertAll(weights, w => (float)w));
        return engine;
    }
}
