using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>The engine's forecasting network, in floats, against the reference, whose gradients central differences vouch for.</summary>
public class ForecastEngineTests
{
    public static TheoryData<string> Names => [.. ForecastCases.All.Concat(ForecastCases.Wide).Select(c => c.Name)];

    public static TheoryData<string> WideNames => ForecastCases.WideNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_AndEvaluate_AgreeWithTheReference(string name)
    {
        ForecastCase example = ForecastCases.Named(name);
        SequenceBatch batch = example.Batch();
        ReferenceResult expected = example.Network().Run(batch);
        using ManagedEngine engine = example.Engine();

        var outputs = new float[expected.Outputs.Length];
        engine.Predict(batch, outputs);
        LossSum loss = engine.Evaluate(batch);

        Agreement.AssertClose(expected.Outputs, outputs, 0, "outputs");
        Agreement.AssertClose([expected.Loss.Sum, expected.Loss.Weight], [(float)loss.Sum, (float)loss.Weight], 0, "loss");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputeGradients_OfTwoBatches_AgreesWithTheReference(string name)
    {
        ForecastCase example = ForecastCases.Named(name);
        ReferenceForecastNetwork network = example.Network();
        using ManagedEngine engine = example.Engine();
        // The second time with buffers that hold the first batch's values.
        for (int variant = 0; variant < 2; variant++)
        {
            SequenceBatch batch = example.Batch(variant);
            Agreement.AssertAgree(network.Run(batch, example.Masks(batch)), batch, engine, $"batch {variant}");
        }
    }

    [Theory]
    [MemberData(nameof(WideNames))]
    public void ComputeGradients_OnOneThreadTwoAndThree_GivesTheSameBits(string name)
    {
        ForecastCase example = ForecastCases.Named(name);
        float[] expected = Gradients(1);
        Assert.Equal(expected, Gradients(2));
        Assert.Equal(expected, Gradients(3));

        float[] Gradients(int threads)
        {
            using ManagedEngine engine = example.Engine(threads);
            var gradients = new float[engine.Parameters.BlockLength];
            engine.MeanGradient(example.Batch(), gradients);
            return gradients;
        }
    }

    [Theory]
    [MemberData(nameof(WideNames))]
    public void Score_OfASequenceAlone_GivesTheBitsThatItHasInABatch(string name)
    {
        ForecastCase example = ForecastCases.Named(name);
        SequenceBatch batch = example.Batch();
        using ManagedEngine engine = example.Engine();
        var together = new float[batch.SequenceCount * example.Spec.OutputSize];
        engine.Predict(batch, together);
        var weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        ScoringSession session = new NetworkScorer(example.Spec, weights).CreateSession();

        for (int p = 0; p < batch.SequenceCount; p++)
        {
            var alone = new float[example.Spec.OutputSize];
            session.Score(Alone(batch, p), alone);
            Assert.Equal(together.AsSpan(p * alone.Length, alone.Length).ToArray(), alone);
        }
    }

    [Fact]
    public void TrainStep_AtSteadyState_AllocatesNothing()
    {
        foreach (ForecastCase example in ForecastCases.Wide)
        {
            using ManagedEngine engine = example.Engine(threads: 1);
            SequenceBatch batch = example.Batch();
            engine.Step(batch, 1e-3f);
            engine.Step(batch, 1e-3f);
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.TrainStep(batch, 1e-3f);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Evaluate_MissingTargets_DoNotCountWhateverIsPredicted()
    {
        ForecastCase example = ForecastCases.All.First(c => c is { Missing: false, Dropout: false, Loss.Kind: LossKind.MeanSquaredError, Lengths.Length: > 2 });
        using ManagedEngine engine = example.Engine();
        SequenceBatch batch = example.Batch();
        batch.Weights.Fill(1);
        var outputs = new float[batch.SequenceCount * example.Spec.OutputSize];
        engine.Predict(batch, outputs);
        outputs.CopyTo(batch.Targets);
        batch.Targets[0] += 2;
        batch.SkipsMissingTargets = true;
        for (int i = 1; i < batch.TargetSize; i++)
            batch.Targets[i] = float.NaN;
        batch.Targets[batch.TargetSize..(2 * batch.TargetSize)].Fill(float.NaN);

        LossSum loss = engine.Evaluate(batch);

        // One target is off by 2 and each that is there counts alike.
        int present = 1 + (batch.TargetSize * (batch.SequenceCount - 2));
        Assert.Equal(4.0 / present, loss.Mean, 1e-5);
        Assert.Equal((double)present / batch.TargetSize, loss.Weight, 1e-5);
    }

    [Fact]
    public void ComputeGradients_OfABatchWithoutTargets_GivesZeros()
    {
        ForecastCase example = ForecastCases.All.First(c => c.Missing);
        using ManagedEngine engine = example.Engine();
        SequenceBatch batch = example.Batch();
        batch.Targets.Fill(float.NaN);
        var gradients = new float[engine.Parameters.BlockLength];
        gradients.AsSpan().Fill(float.NaN);

        Assert.Equal(0, engine.MeanGradient(batch, gradients));

        Assert.All(gradients, g => Assert.Equal(0, g));
    }

    [Fact]
    public void Predict_OrderedQuantiles_NeverCross()
    {
        foreach (ForecastCase example in ForecastCases.All.Where(c => c.Spec.Forecast!.OrderedQuantiles))
        {
            using ManagedEngine engine = example.Engine();
            SequenceBatch batch = example.Batch();
            foreach (ref float x in batch.Features)
                x *= 30;
            var outputs = new float[batch.SequenceCount * example.Spec.OutputSize];
            engine.Predict(batch, outputs);
            for (int i = 0; i < outputs.Length; i++)
                Assert.True(i % example.Spec.Forecast!.QuantileCount == 0 || outputs[i] >= outputs[i - 1], $"{example.Name}: output {i}");
        }
    }

    internal static SequenceBatch Alone(SequenceBatch batch, int position)
    {
        var alone = new SequenceBatch();
        alone.Reset([batch.Lengths[position]], batch.FeatureSize);
        alone.SetCovariates(batch.HasSeries, batch.StaticSize, batch.FutureSize);
        for (int t = 0; t < alone.StepCount; t++)
            batch.Features.Slice(batch.Row(position, t) * batch.FeatureSize, batch.FeatureSize).CopyTo(alone.Features[(t * batch.FeatureSize)..]);
        batch.Statics.Slice(position * batch.StaticSize, batch.StaticSize).CopyTo(alone.Statics);
        batch.Futures.Slice(position * batch.FutureSize, batch.FutureSize).CopyTo(alone.Futures);
        if (batch.HasSeries)
            alone.Series[0] = batch.Series[position];
        return alone;
    }
}
