using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis.Evidence;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>The numbers behind the findings, against what they are by definition.</summary>
public class EvidenceTests
{
    [Theory]
    [InlineData(CellKind.Lstm, false)]
    [InlineData(CellKind.Lstm, true)]
    [InlineData(CellKind.Gru, false)]
    [InlineData(CellKind.RnnTanh, false)]
    [InlineData(CellKind.RnnRelu, false)]
    public void Probe_SingleStep_GradientIsThatOfTheBiases(CellKind cell, bool normalized)
    {
        var spec = new NetworkSpec { Cell = cell, InputSize = 2, HiddenSizes = [21], OutputSize = 1, LayerNormalization = normalized };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1, Seed = 5 });
        SequenceBatch batch = Batch([1], 2);
        float[] gradients = new float[engine.Parameters.BlockLength];
        engine.MeanGradient(batch, gradients);
        ParameterSlice bias = engine.Parameters["rnn.bias_ih_l0"];
        double expected = Math.Sqrt(gradients.AsSpan(bias.Offset, bias.Length).ToArray().Sum(g => (double)g * g));
        LayerObservation layer = Look(engine, batch);
        Assert.Equal(expected, Assert.Single(layer.GradientNorms), 1e-6 * expected);
        Assert.True(expected > 1e-3);
    }

    [Fact]
    public void Probe_NetworkOfOneUnit_GradientByStepIsThatOfTheInputs()
    {
        var spec = new NetworkSpec { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [1], OutputSize = 1 };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1, Seed = 5 });
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        float w = weights[engine.Parameters["rnn.weight_ih_l0"].Offset];
        SequenceBatch batch = Batch([6], 1);
        IReadOnlyList<double> norms = Look(engine, batch).GradientNorms;
        for (int back = 0; back < 6; back++)
        {
            const float Step = 1e-2f;
            float x = batch.Features[5 - back];
            batch.Features[5 - back] = x + Step;
            double up = engine.Evaluate(batch).Mean;
            batch.Features[5 - back] = x - Step;
            double down = engine.Evaluate(batch).Mean;
            batch.Features[5 - back] = x;
            Assert.Equal(Math.Abs((up - down) / (2 * Step) / w), norms[back], 1e-3 * norms[0]);
        }
        Assert.Equal(norms[5] / norms[0], Look(engine, batch).Decay, 1e-12);
        Assert.Equal(norms.Max() / norms[0], Look(engine, batch).Growth, 1e-12);
    }

    [Fact]
    public void Probe_EveryStep_OnlyTheLastOutputIsSentBack()
    {
        var every = new NetworkSpec { InputSize = 1, HiddenSizes = [5], OutputSize = 1, Output = OutputPosition.EveryStep };
        using var engine = new ManagedEngine(every, Plain.Engine with { Threads = 1 });
        using var last = new ManagedEngine(every with { Output = OutputPosition.LastStep }, Plain.Engine with { Threads = 1 });
        SequenceBatch batch = Batch([4, 3, 3], 1, everyStep: true), lastBatch = Batch([4, 3, 3], 1);
        for (int p = 0; p < 3; p++)
            lastBatch.Targets[p] = batch.Targets[batch.Row(p, batch.Lengths[p] - 1)];
        IReadOnlyList<double> norms = Look(engine, batch).GradientNorms, expected = Look(last, lastBatch).GradientNorms;
        Assert.Equal(3, norms.Count);
        // The mean is over ten outputs rather than three.
        for (int back = 0; back < 3; back++)
            Assert.Equal(expected[back] * 3 / 10, norms[back], 1e-6);
    }

    [Fact]
    public void Probe_LongBatch_SeesGradientsAtEveryStep()
    {
        const int Copies = 60, Steps = 100;
        using var engine = new ManagedEngine(new NetworkSpec { InputSize = 1, HiddenSizes = [5], OutputSize = 1 }, Plain.Engine with { Threads = 1 });
        SequenceBatch one = Batch([Steps], 1), many = Batch([.. Enumerable.Repeat(Steps, Copies)], 1);
        for (int row = 0; row < many.RowCount; row++)
            many.Features[row] = one.Features[row / Copies];
        many.Targets.Fill(one.Targets[0]);
        IReadOnlyList<double> norms = Look(engine, many).GradientNorms, expected = Look(engine, one).GradientNorms;
        Assert.Equal(Steps, norms.Count);
        for (int back = 0; back < Steps; back++)
            Assert.Equal(expected[back], norms[back] * Copies, 1e-5 * expected[back]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Probe_LargeBiases_GatesAreSaturated(bool normalized)
    {
        var spec = new NetworkSpec { InputSize = 1, HiddenSizes = [20], OutputSize = 1, LayerNormalization = normalized };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        float[] weights = new float[engine.Parameters.BlockLength];
        int bias = engine.Parameters["rnn.bias_ih_l0"].Offset;
        // Gates i, f, g, o of 20 units: 4 input gates open, 5 forget gates closed, 10 output gates open.
        weights.AsSpan(bias, 4).Fill(9);
        weights.AsSpan(bias + 20, 5).Fill(-9);
        weights.AsSpan(bias + 60, 10).Fill(9);
        engine.ImportWeights(weights);
        IReadOnlyList<GateObservation> gates = Look(engine, Batch([5, 3], 1)).Gates;
        Assert.Equal([0.2, 0.25, 0.5], gates.Select(gate => Math.Round(gate.Saturated, 12)));
        Assert.Equal([0.2, 0.25, 0.5], gates.Select(gate => Math.Round(gate.AlwaysSaturated, 12)));
        Assert.Equal([false, true, false], gates.Select(gate => gate.HoldsState));
    }

    [Fact]
    public void Probe_NegativeBiases_RectifiersAreDead()
    {
        var spec = new NetworkSpec { Cell = CellKind.RnnRelu, InputSize = 1, HiddenSizes = [40], OutputSize = 1 };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        float[] weights = new float[engine.Parameters.BlockLength];
        int bias = engine.Parameters["rnn.bias_ih_l0"].Offset;
        weights.AsSpan(bias, 40).Fill(1);
        weights.AsSpan(bias + 3, 7).Fill(-1);
        engine.ImportWeights(weights);
        Assert.Equal(7, Look(engine, Batch([5, 3], 1)).DeadUnits);
    }

    [Fact]
    public void NoInformationLoss_EveryLoss_IsTheCostOfTheBestConstant()
    {
        SequenceDataset numbers = Labels(1, 2, 3, 4, 10);
        Assert.Equal(10, Baseline(LossKind.MeanSquaredError, numbers), 1e-9);
        Assert.Equal((2 + 1 + 0 + 1 + 7) / 5.0, Baseline(LossKind.MeanAbsoluteError, numbers), 1e-5);
        // The nine tenths quantile is the largest of five: 0.1·(9 + 8 + 7 + 6)/5.
        Assert.Equal(0.6, Baseline(new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.9f] }, numbers), 1e-5);
        Assert.Equal((0.6 + 1.1) / 2, Baseline(new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.9f, 0.5f] }, numbers, 2), 0.3);
        // Around 3 the slopes cancel: −1 −1 + 0 + 1 + 1.
        Assert.Equal((1.5 + 0.5 + 0 + 0.5 + 6.5) / 5, Baseline(LossKind.Huber, numbers), 1e-5);
        Assert.Equal(Math.Log(2), Baseline(LossKind.BinaryCrossEntropy, Labels(0, 1, 1, 0)), 1e-12);
        SequenceDataset classes = Labels(new SequenceShape { FeatureSize = 1, Target = TargetKind.Class }, 0, 0, 1, 2);
        Assert.Equal(1.5 * Math.Log(2), Baseline(LossKind.SoftmaxCrossEntropy, classes, 3), 1e-12);
        Assert.Equal(Math.Log(3), Baseline(new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, ClassWeights = [1, 2, 2] }, classes, 3), 1e-12);
        Assert.Equal(Math.Log(4), Baseline(new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, LabelSmoothing = 0.9999999f }, classes, 4), 1e-6);
        Assert.True(double.IsNaN(Baseline(LossKind.MeanSquaredError, Labels())));
    }

    [Fact]
    public void NoInformationLoss_NetworkOfTheBestConstant_HasItAsItsLoss()
    {
        var random = new RandomStream(3UL);
        SequenceDataset data = SampleData.Noise(50, 3, _ => (float)random.NextGaussian());
        foreach (LossKind kind in (LossKind[])[LossKind.MeanSquaredError, LossKind.MeanAbsoluteError, LossKind.Huber, LossKind.Quantile])
        {
            var loss = new LossSpec { Kind = kind, Quantiles = [0.3f] };
            using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1 }, Plain.Engine with { Threads = 1, Loss = loss });
            double least = double.MaxValue;
            for (float answer = -1; answer <= 1; answer += 0.02f)
            {
                float[] weights = new float[engine.Parameters.BlockLength];
                weights[engine.Parameters["output.bias"].Offset] = answer;
                engine.ImportWeights(weights);
                var batch = new SequenceBatch();
                data.Fill(batch, [.. Enumerable.Range(0, 50)]);
                least = Math.Min(least, engine.Evaluate(batch).Mean);
            }
            Assert.Equal(least, Baseline(loss, data), 1e-2 * least);
        }
    }

    private static LayerObservation Look(ManagedEngine engine, SequenceBatch batch)
    {
        return engine.Probe(batch, new float[batch.RowCount], out _)[0];
    }

    private static SequenceBatch Batch(int[] lengths, int features, bool everyStep = false)
    {
        var random = new RandomStream(2UL);
        var batch = new SequenceBatch();
        batch.Reset(lengths, features, targetSize: 1, targetEveryStep: everyStep);
        foreach (ref float value in batch.Features)
            value = (float)random.NextGaussian();
        foreach (ref float value in batch.Targets)
            value = 1 + (float)random.NextGaussian();
        return batch;
    }

    private static double Baseline(LossKind kind, SequenceDataset labels, int outputs = 1) => Baseline(new LossSpec { Kind = kind }, labels, outputs);

    private static double Baseline(LossSpec loss, SequenceDataset labels, int outputs = 1) =>
        NoInformationLoss.Of(loss, LabelSample.Of(labels, loss, int.MaxValue, new RandomStream(1UL)), outputs);

    private static SequenceDataset Labels(params float[] values) => Labels(new SequenceShape { FeatureSize = 1 }, values);

    private static SequenceDataset Labels(SequenceShape shape, params float[] values)
    {
        var data = new SequenceDataset(shape);
        foreach (float value in values)
            data.Add(new SequenceExample
            {
                Features = [0],
                Targets = shape.Target == TargetKind.Numbers ? [value] : [],
                Classes = shape.Target == TargetKind.Class ? [(int)value] : [],
            });
        return data;
    }
}
