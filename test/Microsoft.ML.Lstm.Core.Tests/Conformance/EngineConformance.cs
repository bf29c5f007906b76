using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Conformance;

/// <summary>
/// What every engine must do, as <see cref="ITrainingEngine"/> says it: a subclass for each, here or in the test project of its own assembly. What
/// an engine's capabilities leave out it must refuse. Numbers are compared with the double-precision reference network, whose gradients central
/// differences vouch for.
/// </summary>
public abstract partial class EngineConformance
{
    // Gradients that are small beside the network's largest are the difference of large terms: they share its rounding.
    private const double Floor = 1e-2;

    public static TheoryData<string> Names => [.. NetworkCases.All.Concat(NetworkCases.Wide).Select(c => c.Name)];

    /// <summary>The engine under test.</summary>
    protected abstract TrainingEngine Engine { get; }

    /// <summary>By how much outputs and gradients may differ from the reference, as a fraction of the largest.</summary>
    protected virtual double Tolerance => 1e-4;

    /// <summary>By how much losses and weights may differ after ten steps.</summary>
    protected virtual double CurveTolerance => 1e-3;

    [Theory]
    [MemberData(nameof(Names))]
    public void PredictAndEvaluate_AnyNetwork_AgreeWithTheReference(string name)
    {
        NetworkCase example = Case(name);
        if (!TryCreate(example, out ITrainingEngine? engine))
            return;
        using ITrainingEngine created = engine!;
        SequenceBatch batch = example.Batch();
        ReferenceResult expected = example.Network().Run(batch);
        float[] outputs = new float[expected.Outputs.Length];

        engine!.Predict(batch, outputs);
        engine.ResetState();
        LossSum loss = engine.Evaluate(batch);

        AssertClose(expected.Outputs, outputs, 0, "outputs");
        AssertClose([expected.Loss.Sum, expected.Loss.Weight], [(float)loss.Sum, (float)loss.Weight], 0, "loss");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputeGradient_AnyNetwork_IsTheReferencesTimesTheWeight(string name)
    {
        NetworkCase example = Case(name);
        if (!TryCreate(example, out ITrainingEngine? engine))
            return;
        using ITrainingEngine created = engine!;
        SequenceBatch batch = example.Batch();
        ReferenceResult expected = example.Network().Run(batch);
        float[] gradient = new float[engine!.Parameters.BlockLength];
        gradient.AsSpan().Fill(float.NaN);

        LossSum loss = engine.ComputeGradient(batch, gradient);

        AssertClose([expected.Loss.Sum, expected.Loss.Weight], [(float)loss.Sum, (float)loss.Weight], 0, "loss");
        double[] sums = expected.Gradients.Map(g => g * expected.Loss.Weight);
        AssertClose(sums, gradient, Floor * sums.Max(Math.Abs), "gradient");
        Assert.Equal(example.EngineWeights(), engine.Weights());
    }

    [Fact]
    public void ComputeGradient_OfShards_AddsUpToThatOfTheBatch()
    {
        using ITrainingEngine engine = Small();
        float[] whole = new float[engine.Parameters.BlockLength], sum = new float[whole.Length], shard = new float[whole.Length];
        SequenceDataset data = TrainingData.Linear(12);
        LossSum expected = engine.ComputeGradient(Batch(data, 0, 12), whole), found = default;

        foreach ((int first, int count) in ((int, int)[])[(0, 5), (5, 1), (6, 6)])
        {
            found += engine.ComputeGradient(Batch(data, first, count), shard, shard: first);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += shard[i];
        }

        AssertClose([expected.Sum, expected.Weight], [(float)found.Sum, (float)found.Weight], 0, "loss");
        AssertClose(Array.ConvertAll(whole, g => (double)g), sum, 0, "gradient");
    }

    [Fact]
    public void ComputeGradient_NothingCounts_IsZero()
    {
        using ITrainingEngine engine = Small();
        SequenceBatch batch = Batch(TrainingData.Linear(4), 0, 4);
        batch.Weights.Clear();
        float[] gradient = new float[engine.Parameters.BlockLength];
        gradient.AsSpan().Fill(float.NaN);

        LossSum loss = engine.ComputeGradient(batch, gradient);

        Assert.Equal(default, loss);
        Assert.All(gradient, g => Assert.Equal(0, g));
        StepResult result = engine.Step(batch, 0.01f);
        Assert.Equal((0, 0, true), (result.MeanLoss, result.GradientNorm, result.IsFinite));
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.AdaGrad)]
    [InlineData(OptimizerKind.RmsProp)]
    public void TrainStep_TenSteps_FollowTheReferencesCurve(OptimizerKind kind)
    {
        if (!Engine.Capabilities.Optimizers.Contains(kind))
            return;
        EngineOptions options = SmallOptions with
        {
            Optimizer = new() { Kind = kind, Momentum = kind is OptimizerKind.Sgd or OptimizerKind.RmsProp ? 0.9f : 0, WeightDecay = 0.01f },
            ClipNorm = 0.5f,
            ClipValue = 0.3f,
        };
        using ITrainingEngine engine = Small(options), halves = Small(options);
        var curve = new ReferenceCurve(SmallNetwork, options, engine.Weights());
        SequenceDataset data = TrainingData.Linear(60);
        float[] gradient = new float[engine.Parameters.BlockLength];
        for (int step = 0; step < 10; step++)
        {
            SequenceBatch batch = Batch(data, 6 * step, 6);
            StepResult found = engine.Step(batch, 0.02f);
            halves.ApplyGradient(gradient, halves.ComputeGradient(batch, gradient), 0.02f);
            StepResult again = Assert.Single(Read(halves));
            (double loss, double norm) = curve.Step(batch, 0.02f);

            Assert.Equal(loss, found.MeanLoss, CurveTolerance * Math.Max(1, loss));
            Assert.Equal(norm, found.GradientNorm, CurveTolerance * Math.Max(1, norm));
            Assert.Equal(loss, again.MeanLoss, CurveTolerance * Math.Max(1, loss));
        }
        AssertClose(Array.ConvertAll(curve.Weights, w => (double)w), engine.Weights(), 0, "weights", CurveTolerance);
        AssertClose(Array.ConvertAll(curve.Weights, w => (double)w), halves.Weights(), 0, "weights by halves", CurveTolerance);
        Assert.Equal((10, 10), (engine.UpdateCount, halves.UpdateCount));
    }

    private static NetworkCase Case(string name) => NetworkCases.Named(name) with { Dropout = false };

    private bool TryCreate(NetworkCase example, out ITrainingEngine? engine)
    {
        var request = new EngineRequest(example.Spec, Plain.Engine with { Loss = example.Loss, Seed = example.Seed, Threads = 2 });
        engine = null;
        try
        {
            engine = Engine.Create(request);
        }
        catch (NotSupportedException e)
        {
            Assert.Contains(Engine.Name, e.Message);
            Assert.Contains(nameof(TrainingEngine.Managed), e.Message);
            return false;
        }
        engine.ImportWeights(example.EngineWeights());
        return true;
    }

    private void AssertClose(double[] expected, float[] found, double floor, string what, double? tolerance = null)
    {
        double scale = Math.Max(floor, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= (tolerance ?? Tolerance) * scale,
                $"{what}[{i}]: {Engine.Name} {found[i]:R}, reference {expected[i]:R}, of magnitude {scale:R}");
    }
}
