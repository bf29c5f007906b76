using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class ManagedTrainingTests
{
    [Theory]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    [InlineData(CellKind.RnnTanh)]
    [InlineData(CellKind.RnnRelu)]
    public void Run_EightRaggedSequences_AreOverfitted(CellKind cell)
    {
        var random = new RandomStream(1UL);
        var dataset = new SequenceDataset(new() { HasTokens = true, Target = TargetKind.Class });
        for (int i = 0; i < 8; i++)
            dataset.Add(new SequenceExample { Tokens = [.. Enumerable.Range(0, 5 + i % 3).Select(_ => random.NextInt(6))], Classes = [i % 4] });
        var spec = new NetworkSpec { Cell = cell, VocabularySize = 6, EmbeddingSize = 8, HiddenSizes = [16], OutputSize = 4 };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, ClipNorm = 1, Threads = 1 });
        var loop = new TrainingLoop(engine, Plain.Training with { Epochs = 200, BatchSize = 8, Schedule = LearningRateSchedule.Constant(0.01f) });
        TrainingHistory history = loop.Run(dataset);
        Assert.InRange(history.Epochs[0].Loss, 0.7, 3);
        Assert.InRange(loop.Evaluate(dataset), 0, 0.02);
    }

    [Fact]
    public void Run_OneAndTwoThreads_GivesTheSameBits()
    {
        float[] one = Train(threads: 1, seed: 1), two = Train(threads: 2, seed: 1);
        Assert.Equal(one, two);
        Assert.NotEqual(one, Train(threads: 1, seed: 2));

        static float[] Train(int threads, int seed)
        {
            var spec = new NetworkSpec { InputSize = 2, HiddenSizes = [24, 17], Bidirectional = true, OutputSize = 1 };
            using var engine = new ManagedEngine(spec, Plain.Engine with { Regularization = new() { LayerDropout = 0.2f, RecurrentDropout = 0.1f }, ClipNorm = 1, GradientNoise = 0.01f, Seed = seed, Threads = threads });
            new TrainingLoop(engine, Plain.Training with { Epochs = 3, BatchSize = 16, Seed = seed }).Run(TrainingData.Linear(100, longest: 9));
            return ResumableTraining.Weights(engine);
        }
    }

    // The smaller layer's time loop is cut by sequences, the larger one's by units, with a barrier in every step.
    [Theory]
    [InlineData(96)]
    [InlineData(320)]
    public void TrainStep_MoreThreadsThanCores_GivesTheSameBits(int units)
    {
        int many = (2 * Environment.ProcessorCount) + 3;
        Assert.Equal(Train(threads: 1), Train(many));

        float[] Train(int threads)
        {
            using var engine = new ManagedEngine(new() { InputSize = 2, HiddenSizes = [units], OutputSize = 1 }, Plain.Engine with { ClipNorm = 0.01f, Threads = threads });
            SequenceBatch batch = Batch(sequences: 30, steps: 12);
            for (int step = 0; step < 3; step++)
                Step(engine, batch);
            return ResumableTraining.Weights(engine);
        }
    }

    [Fact]
    public void TrainStep_AfterAProbeOrAnotherGradient_GivesTheSameBits()
    {
        SequenceBatch batch = Batch(sequences: 5, steps: 4);
        Assert.Equal(Train(_ => { }), Train(LookAround));

        float[] Train(Action<ManagedEngine> between)
        {
            using var engine = new ManagedEngine(new() { InputSize = 2, HiddenSizes = [6], OutputSize = 1 }, Plain.Engine with { ClipNorm = 0.01f, Threads = 1 });
            for (int step = 0; step < 3; step++)
            {
                between(engine);
                Step(engine, batch);
            }
            return ResumableTraining.Weights(engine);
        }

        void LookAround(ManagedEngine engine)
        {
            engine.ComputeGradient(batch, new float[engine.Parameters.BlockLength]);
            engine.Probe(batch, new float[batch.SequenceCount], out _);
        }
    }

    [Fact]
    public void Run_ConstantSeries_GivesItsConstant()
    {
        const float Constant = 123.4f;
        float[] series = new float[40];
        Array.Fill(series, Constant);
        var dataset = new SequenceDataset(new() { FeatureSize = 1, TargetSize = 2 });
        for (int i = 0; i < 30; i++)
            dataset.Add(new SequenceExample { Features = series.AsSpan(i, 8), Targets = series.AsSpan(i + 8, 2) });
        FeatureScaling features = FeatureScaling.OfFeatures(dataset), targets = FeatureScaling.OfTargets(dataset);
        dataset = dataset.WithScaling(features, targets);
        using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [4], OutputSize = 2 }, Plain.Engine with { Threads = 1 });
        TrainingHistory history = new TrainingLoop(engine, Plain.Training with { Epochs = 300, Schedule = LearningRateSchedule.OneCycle(0.02f), ValidationFraction = 0.2 }).Run(dataset);
        Assert.InRange(history.Epochs[^1].ValidationLoss!.Value, 0, 1e-6);
        var batch = new SequenceBatch();
        dataset.Fill(batch, [0]);
        float[] outputs = new float[2];
        engine.Predict(batch, outputs);
        targets.Undo(outputs, outputs);
        Assert.All(outputs, y => Assert.Equal(Constant, y, 0.01f));
    }

    [Fact]
    public void TrainStep_SteadyState_AllocatesNothing()
    {
        using var engine = new ManagedEngine(new() { InputSize = 2, HiddenSizes = [8, 8], OutputSize = 1 }, Plain.Engine with { ClipNorm = 1, GradientNoise = 0.01f, Threads = 1 });
        long before = 0, allocated = 0;
        var loop = new TrainingLoop(engine, Plain.Training with { Epochs = 4, BatchSize = 16 })
        {
            Observers =
            [
                new TrainingCallbacks
                {
                    BatchDone = report =>
                    {
                        long now = GC.GetAllocatedBytesForCurrentThread();
                        if (report.Epoch > 1 && report.Batch > 0)
                            allocated += now - before;
                        before = now;
                    },
                },
            ],
        };
        loop.Run(TrainingData.Linear(64));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Run_StreamWithTruncatedBackpropagation_IsLearned()
    {
        var spec = new NetworkSpec { InputSize = 1, HiddenSizes = [16], OutputSize = 1, Output = OutputPosition.EveryStep };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Stateful = true, ClipNorm = 1, Threads = 1 });
        var options = Plain.Training with { Order = BatchOrderKind.Streams, BatchSize = 4, ChunkSteps = 20, Epochs = 30, ValidationFraction = 0.1, Schedule = LearningRateSchedule.Constant(0.01f) };
        TrainingHistory history = new TrainingLoop(engine, options).Run(TrainingData.Stream(1000));
        // Repeating the last value costs 0.045.
        Assert.InRange(history.Epochs[^1].Loss, 0, 0.005);
    }

    private static SequenceBatch Batch(int sequences, int steps)
    {
        var random = new RandomStream(3UL);
        var batch = new SequenceBatch();
        batch.Reset([.. Enumerable.Range(0, sequences).Select(i => 1 + (i % steps))], featureSize: 2, targetSize: 1);
        foreach (ref float x in batch.Features)
            x = random.NextInt(100) * 0.02f;
        foreach (ref float y in batch.Targets)
            y = random.NextInt(100) * 0.05f;
        return batch;
    }

    private static void Step(ManagedEngine engine, SequenceBatch batch)
    {
        engine.TrainStep(batch, 0.01f);
        engine.ReadSteps(new StepResult[1]);
    }
}
