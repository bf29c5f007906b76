using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Conformance;

/// <summary>State, checkpoints, reductions, failures, threads: what an engine does besides arithmetic.</summary>
public abstract partial class EngineConformance
{
    private static readonly NetworkSpec SmallNetwork = new() { InputSize = 2, HiddenSizes = [6, 5], OutputSize = 1 };

    private static readonly EngineOptions SmallOptions = Plain.Engine with { Seed = 3, Threads = 1 };

    [Fact]
    public void ReadSteps_SeveralSteps_GivesEachResultInOrder()
    {
        using ITrainingEngine engine = Small(), other = Small();
        SequenceDataset data = TrainingData.Linear(40);
        var expected = new List<double>();
        for (int step = 0; step < engine.MostUnreadSteps; step++)
        {
            engine.TrainStep(Batch(data, step % 32, 4 + (step % 5)), 0.01f);
            expected.Add(other.Step(Batch(data, step % 32, 4 + (step % 5)), 0.01f).MeanLoss);
        }
        Assert.Throws<InvalidOperationException>(() => engine.TrainStep(Batch(data, 0, 4), 0.01f));

        Assert.Equal(expected, Read(engine).Select(result => result.MeanLoss));
        Assert.Empty(Read(engine));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ImportState_OfAnotherEngine_MakesTheNextStepTheSame(bool stateful)
    {
        if (stateful && !Engine.Capabilities.Stateful)
            return;
        NetworkSpec spec = stateful ? SmallNetwork with { Output = OutputPosition.EveryStep, InputSize = 1 } : SmallNetwork;
        EngineOptions options = SmallOptions with { Stateful = stateful, ClipNorm = 1, Regularization = new() { LayerDropout = 0.2f, OutputDropout = 0.1f } };
        SequenceDataset data = stateful ? TrainingData.Stream(40) : TrainingData.Linear(40);
        using ITrainingEngine engine = Small(options, spec), resumed = Small(options with { Seed = 3 }, spec);
        for (int step = 0; step < 3; step++)
            engine.Step(Next(step), 0.02f);
        resumed.ImportWeights(engine.Weights());
        resumed.ImportState(engine.ExportState(), engine.UpdateCount);

        Assert.Equal(engine.UpdateCount, resumed.UpdateCount);
        Assert.Equal(engine.Step(Next(3), 0.02f), resumed.Step(Next(3), 0.02f));
        Assert.Equal(engine.Weights(), resumed.Weights());
        Assert.Throws<ArgumentException>(() => resumed.ImportState(new Dictionary<string, float[]>(), 1));

        SequenceBatch Next(int step) => stateful ? Chunk(data, 5 * step, 5) : Batch(data, 8 * step, 8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TrainStep_FrozenLayers_KeepsTheirBitsAndMovesTheRest(int layers)
    {
        EngineOptions options = SmallOptions with { FrozenLayers = layers, Optimizer = new() { Kind = OptimizerKind.AdamW, WeightDecay = 0.1f } };
        if (!Engine.Capabilities.FrozenLayers || !Engine.Capabilities.Optimizers.Contains(OptimizerKind.AdamW))
            return;
        using ITrainingEngine engine = Small(options);
        SequenceDataset data = TrainingData.Linear(40);
        float[] before = engine.Weights(), gradient = new float[before.Length];
        int frozen = engine.Parameters.FrozenLength(layers, freezeEmbedding: false);

        engine.ComputeGradient(Batch(data, 0, 8), gradient);
        for (int step = 0; step < 3; step++)
            engine.Step(Batch(data, 8 * step, 8), 0.02f);

        float[] after = engine.Weights();
        Assert.True(frozen > 0);
        Assert.All(gradient[..frozen], value => Assert.Equal(0, value));
        Assert.Equal(before[..frozen], after[..frozen]);
        foreach (ParameterSlice slice in engine.Parameters.Slices.Where(slice => slice.Offset >= frozen))
            Assert.NotEqual(before[slice.Offset..(slice.Offset + slice.Length)], after[slice.Offset..(slice.Offset + slice.Length)]);
    }

    [Fact]
    public void TrainStep_FrozenLayers_AreNotInTheNorm()
    {
        if (!Engine.Capabilities.FrozenLayers)
            return;
        using ITrainingEngine whole = Small(), upper = Small(SmallOptions with { FrozenLayers = 1 });
        SequenceDataset data = TrainingData.Linear(8);
        float[] gradient = new float[whole.Parameters.BlockLength];
        LossSum loss = whole.ComputeGradient(Batch(data, 0, 8), gradient);
        double squares = gradient[whole.Parameters.FrozenLength(1, freezeEmbedding: false)..].Sum(g => (double)g * g);

        StepResult step = upper.Step(Batch(data, 0, 8), 0.02f);

        Assert.Equal(Math.Sqrt(squares) / loss.Weight, step.GradientNorm, 1e-4 * step.GradientNorm);
    }

    [Fact]
    public void Evaluate_StatefulInChunks_IsThatOfTheWhole()
    {
        if (!Engine.Capabilities.Stateful)
            return;
        NetworkSpec spec = SmallNetwork with { Output = OutputPosition.EveryStep, InputSize = 1 };
        using ITrainingEngine engine = Small(SmallOptions with { Stateful = true }, spec);
        SequenceDataset data = TrainingData.Stream(30);
        LossSum whole = engine.Evaluate(Chunk(data, 0, 30)), second = engine.Evaluate(Chunk(data, 0, 30));
        engine.ResetState();
        LossSum chunks = default;
        for (int step = 0; step < 30; step += 10)
            chunks += engine.Evaluate(Chunk(data, step, 10));

        Assert.Equal(whole.Sum, chunks.Sum, Tolerance * whole.Sum);
        Assert.NotEqual(whole.Sum, second.Sum);
    }

    [Fact]
    public void Reduction_InTheLoop_SeesTheSumAndDecidesTheUpdate()
    {
        SequenceDataset data = TrainingData.Linear(32);
        TrainingOptions options = Plain.Training with { Epochs = 1, BatchSize = 8, Order = BatchOrderKind.Sequential };
        EngineOptions sgd = SmallOptions with { Optimizer = new() { Kind = OptimizerKind.Sgd } };
        using ITrainingEngine alone = Small(sgd), twice = Small(sgd), still = Small(sgd);
        float[] initial = alone.Weights();
        float[] gradient = new float[initial.Length];
        LossSum first = still.ComputeGradient(Batch(data, 0, 8), gradient);
        var seen = new List<LossSum>();

        Run(alone, (_, loss) => loss);
        // As if another process had the same batch: sums and weight double, and the mean is the same.
        Run(twice, (sum, loss) => Scale(sum, 2, loss));
        Run(still, (sum, loss) =>
        {
            if (seen.Count == 0)
                Assert.Equal(gradient, sum.ToArray());
            seen.Add(loss);
            sum.Clear();
            return loss;
        });

        Assert.Equal(alone.Weights(), twice.Weights());
        Assert.NotEqual(initial, alone.Weights());
        Assert.Equal(initial, still.Weights());
        Assert.Equal((4, first), (seen.Count, seen[0]));

        void Run(ITrainingEngine engine, Reduction reduction) =>
            new TrainingLoop(engine, options) { Reduction = new DelegateReduction(reduction) }.Run(data);
        static LossSum Scale(Span<float> sum, float factor, LossSum loss)
        {
            foreach (ref float g in sum)
                g *= factor;
            return new LossSum(loss.Sum * factor, loss.Weight * factor);
        }
    }

    [Fact]
    public void TrainStep_LossNotFinite_LeavesWeightsAndOptimizer()
    {
        using ITrainingEngine engine = Small(), other = Small();
        SequenceDataset data = TrainingData.Linear(8);
        foreach (ITrainingEngine e in (ITrainingEngine[])[engine, other])
            e.Step(Batch(data, 0, 8), 0.02f);
        SequenceBatch bad = Batch(data, 0, 8);
        bad.Targets[3] = float.NaN;

        StepResult result = engine.Step(bad, 0.02f);

        Assert.False(result.IsFinite);
        Assert.Equal(1, engine.UpdateCount);
        Assert.Equal(other.Weights(), engine.Weights());
        Assert.Equal(other.Step(Batch(data, 0, 8), 0.02f), engine.Step(Batch(data, 0, 8), 0.02f));
        Assert.Equal(other.Weights(), engine.Weights());
    }

    [Fact]
    public void TrainStep_Cancelled_ThrowsAndLeavesWeights()
    {
        using ITrainingEngine engine = Small();
        float[] before = engine.Weights();
        SequenceBatch batch = Batch(TrainingData.Linear(8), 0, 8);
        var cancelled = new CancellationToken(canceled: true);

        Assert.ThrowsAny<OperationCanceledException>(() => engine.TrainStep(batch, 0.1f, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => engine.ComputeGradient(batch, new float[before.Length], 0, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => engine.Evaluate(batch, cancelled));

        Assert.Equal(0, engine.UpdateCount);
        Assert.Equal(before, engine.Weights());
        Assert.Empty(Read(engine));
        engine.Step(batch, 0.1f);
        Assert.Equal(1, engine.UpdateCount);
    }

    [Fact]
    public void EveryCall_AfterDispose_ThrowsObjectDisposed()
    {
        ITrainingEngine engine = Small();
        SequenceBatch batch = Batch(TrainingData.Linear(8), 0, 8);
        float[] block = engine.Weights();
        engine.Dispose();
        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(() => engine.TrainStep(batch, 0.1f));
        Assert.Throws<ObjectDisposedException>(() => engine.ComputeGradient(batch, block));
        Assert.Throws<ObjectDisposedException>(() => engine.ApplyGradient(block, default, 0.1f));
        Assert.Throws<ObjectDisposedException>(() => engine.ReadSteps(new StepResult[8]));
        Assert.Throws<ObjectDisposedException>(() => engine.Evaluate(batch));
        Assert.Throws<ObjectDisposedException>(() => engine.Predict(batch, block));
        Assert.Throws<ObjectDisposedException>(engine.ResetState);
        Assert.Throws<ObjectDisposedException>(() => engine.ExportWeights(block));
        Assert.Throws<ObjectDisposedException>(() => engine.ImportWeights(block));
        Assert.Throws<ObjectDisposedException>(engine.ExportState);
        Assert.Throws<ObjectDisposedException>(() => engine.ImportState(new Dictionary<string, float[]>(), 0));
    }

    [Fact]
    public async Task EveryCall_WhileAnotherIsUnderWay_ThrowsInvalidOperation()
    {
        using ITrainingEngine engine = Small();
        SequenceBatch batch = Batch(TrainingData.Linear(2000, longest: 60), 0, 2000);
        bool refused = false;
        // Two threads that do nothing else meet before long; whichever comes second is refused, and nothing else happens.
        while (!refused)
        {
            using var start = new Barrier(2);
            bool[] found = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        engine.Evaluate(batch);
                        return false;
                    }
                    catch (InvalidOperationException e) when (e is not ObjectDisposedException)
                    {
                        return true;
                    }
                },
                TaskCreationOptions.LongRunning)));
            refused = found.Any(one => one);
        }
        Assert.True(engine.Evaluate(batch).Weight > 0);
    }

    private static List<StepResult> Read(ITrainingEngine engine)
    {
        var results = new StepResult[engine.MostUnreadSteps];
        return [.. results.Take(engine.ReadSteps(results))];
    }

    private static SequenceBatch Batch(SequenceDataset data, int first, int count)
    {
        var batch = new SequenceBatch();
        data.Fill(batch, [.. Enumerable.Range(first, count)]);
        return batch;
    }

    private static SequenceBatch Chunk(SequenceDataset stream, int first, int steps)
    {
        var batch = new SequenceBatch();
        stream.Fill(batch, [0], first, steps);
        return batch;
    }

    private ITrainingEngine Small(EngineOptions? options = null, NetworkSpec? spec = null) =>
        Engine.Create(new EngineRequest(spec ?? SmallNetwork, options ?? SmallOptions));

    private delegate LossSum Reduction(Span<float> gradient, LossSum loss);

    private sealed class DelegateReduction(Reduction reduction) : IGradientReduction
    {
        public LossSum Reduce(Span<float> gradient, LossSum loss) => reduction(gradient, loss);
    }
}
