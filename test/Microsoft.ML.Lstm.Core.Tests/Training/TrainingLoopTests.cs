using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class TrainingLoopTests
{
    private static readonly TrainingOptions Options = Plain.Training with { Epochs = 8, BatchSize = 8, Schedule = LearningRateSchedule.Constant(0.05f), Seed = 1 };

    [Fact]
    public void Run_LinearTask_LearnsAndTellsHowItWent()
    {
        var dataset = Single(200);
        using var engine = new LinearEngine(2);
        var reports = new List<EpochReport>();
        var loop = new TrainingLoop(engine, Options with { Epochs = 40, ValidationFraction = 0.2, Schedule = LearningRateSchedule.StepDecay(0.05f, 10, 0.3f) }) { Observers = [new TrainingCallbacks { EpochDone = reports.Add }] };
        TrainingHistory history = loop.Run(dataset);
        Assert.Equal(TrainingEnd.Completed, history.End);
        Assert.Equal(reports, history.Epochs);
        Assert.Equal(Enumerable.Range(0, 40), history.Epochs.Select(e => e.Epoch));
        Assert.Equal(Enumerable.Range(1, 40).Select(e => e * 20L), history.Epochs.Select(e => e.Steps));
        Assert.InRange(history.Epochs[^1].ValidationLoss!.Value, 0, 1e-6);
        Assert.True(history.Epochs[0].Loss > 100 * history.Epochs[^1].Loss);
        Assert.All(history.Epochs, e => Assert.True(e.SequencesPerSecond > 0 && e.Seconds > 0 && e.GradientNorm > 0));
        Assert.Equal(0.05f * 0.027f, history.Epochs[^1].LearningRate, 1e-7f);
        Assert.Equal(history.Epochs.MinBy(e => e.ValidationLoss)!.Epoch, history.BestEpoch);
        Assert.InRange(loop.Evaluate(dataset), 0, 1e-6);
    }

    [Theory]
    [InlineData(BatchOrderKind.Shuffled)]
    [InlineData(BatchOrderKind.LengthBuckets)]
    [InlineData(BatchOrderKind.Sequential)]
    public void TrainingLoop_StatefulEngineShuffled_IsRefused(BatchOrderKind order)
    {
        using var engine = new LinearEngine(1, everyStep: true, stateful: true);

        var error = Assert.Throws<ArgumentException>(() => new TrainingLoop(engine, Options with { Order = order }));

        Assert.Contains($"Order is {order}; expected Streams, since the engine is stateful", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        Assert.Equal(Weights(Options), Weights(Options));
        Assert.NotEqual(Weights(Options), Weights(Options with { Seed = 2 }));

        static float[] Weights(TrainingOptions options)
        {
            using var engine = new LinearEngine(2);
            new TrainingLoop(engine, options).Run(TrainingData.Linear(50));
            return engine.Weights;
        }
    }

    [Fact]
    public void Run_Patience_StopsEarlyWithTheBestWeights()
    {
        // Validation wants the opposite of training, so the first epoch is the best.
        var validation = new SequenceDataset(new() { FeatureSize = 2 });
        validation.Add(new SequenceExample { Features = [1, 0], Targets = [-9] });
        using var engine = new LinearEngine(2);
        float[]? afterFirst = null;
        var loop = new TrainingLoop(engine, Options with { Patience = 3 }) { Observers = [new TrainingCallbacks { EpochDone = _ => afterFirst ??= engine.Weights }] };
        TrainingHistory history = loop.Run(Single(64), validation);
        Assert.Equal((TrainingEnd.EarlyStopping, 0, 4), (history.End, history.BestEpoch, history.Epochs.Count));
        Assert.Equal([true, false, false, false], history.Epochs.Select(e => e.IsBest));
        Assert.Equal(afterFirst, engine.Weights);
    }

    [Fact]
    public void Run_NoRestoreAndMinimumImprovement_EndsWithTheLastWeights()
    {
        using var engine = new LinearEngine(2);
        float[] last = [];
        var loop = new TrainingLoop(engine, Options with { Patience = 2, MinimumImprovement = 1e6, ValidationFraction = 0.5, RestoreBestWeights = false }) { Observers = [new TrainingCallbacks { EpochDone = _ => last = engine.Weights }] };
        Assert.Equal(3, loop.Run(Single(64)).Epochs.Count);
        Assert.Equal(last, engine.Weights);
    }

    [Fact]
    public void Run_MaximumSteps_EndsThereWithAReport()
    {
        using var engine = new LinearEngine(2);
        TrainingHistory history = new TrainingLoop(engine, Options with { MaximumSteps = 11 }).Run(Single(64));
        Assert.Equal((TrainingEnd.MaximumSteps, 11, 2), (history.End, engine.UpdateCount, history.Epochs.Count));
        Assert.Equal(11, history.Epochs[1].Steps);
    }

    [Fact]
    public void Run_EachBatch_IsReportedWithItsLearningRate()
    {
        using var engine = new LinearEngine(2);
        var reports = new List<BatchReport>();
        var schedule = LearningRateSchedule.OneCycle(0.1f);
        new TrainingLoop(engine, Options with { Epochs = 2, Schedule = schedule }) { Observers = [new TrainingCallbacks { BatchDone = reports.Add }] }.Run(Single(20));
        Assert.Equal([(0, 0, 1L), (0, 1, 2L), (0, 2, 3L), (1, 0, 4L), (1, 1, 5L), (1, 2, 6L)], reports.Select(r => (r.Epoch, r.Batch, r.Step)));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => schedule.At(0, i, 6)), reports.Select(r => r.LearningRate));
        Assert.Equal(20, reports.Take(3).Sum(r => r.Sequences));
        Assert.All(reports, r => Assert.True(r.BatchCount == 3 && r.Loss > 0 && r.GradientNorm > 0));
    }

    [Fact]
    public void Run_PlateauOfTheValidationLoss_ReducesTheRate()
    {
        var validation = new SequenceDataset(new() { FeatureSize = 2 });
        validation.Add(new SequenceExample { Features = [1, 0], Targets = [-9] });
        using var engine = new LinearEngine(2);
        TrainingHistory history = new TrainingLoop(engine, Options with { Epochs = 4, Schedule = LearningRateSchedule.ReduceOnPlateau(0.04f) }).Run(Single(64), validation);
        Assert.Equal([0.04f, 0.04f, 0.02f, 0.01f], history.Epochs.Select(e => e.LearningRate));
    }

    [Fact]
    public void Run_Cancelled_StopsWithinABatch()
    {
        using var engine = new LinearEngine(2);
        using var source = new CancellationTokenSource();
        var loop = new TrainingLoop(engine, Options) { Observers = [new TrainingCallbacks { BatchDone = report => { if (report.Step == 13) source.Cancel(); } }] };
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Run(Single(64), cancellationToken: source.Token));
        Assert.Equal(13, engine.UpdateCount);
    }

    [Fact]
    public void Run_KeepWeightsOnCancellation_KeepsTheBest()
    {
        var validation = new SequenceDataset(new() { FeatureSize = 2 });
        validation.Add(new SequenceExample { Features = [1, 0], Targets = [-9] });
        using var engine = new LinearEngine(2);
        using var source = new CancellationTokenSource();
        float[]? afterFirst = null;
        var loop = new TrainingLoop(engine, Options with { KeepWeightsOnCancellation = true })
        {
            Observers =
            [
                new TrainingCallbacks
                {
                    BatchDone = report => { if (report.Step == 21) source.Cancel(); },
                    EpochDone = _ => afterFirst ??= engine.Weights,
                },
            ],
        };
        TrainingHistory history = loop.Run(Single(64), validation, source.Token);
        Assert.Equal((TrainingEnd.Cancelled, 2), (history.End, history.Epochs.Count));
        Assert.Equal(afterFirst, engine.Weights);
    }

    [Fact]
    public void Run_Diverging_NamesStepAndRateAndKeepsTheLastGoodWeights()
    {
        var dataset = Single(64);
        dataset.Add(new SequenceExample { Features = [1, float.MaxValue], Targets = [0] });
        using var engine = new LinearEngine(2);
        float[] good = [];
        var loop = new TrainingLoop(engine, Options with { Order = BatchOrderKind.Sequential }) { Observers = [new TrainingCallbacks { BatchDone = _ => good = engine.Weights }] };
        var e = Assert.Throws<TrainingDivergedException>(() => loop.Run(dataset));
        Assert.Equal((9, 0.05f), (e.Step, e.LearningRate));
        Assert.Contains("in step 9 (epoch 1, batch 9 of 9) at learning rate 0.05", e.Message);
        Assert.Contains("The weights from before are kept", e.Message);
        Assert.Equal(good, engine.Weights);
    }

    [Fact]
    public void Run_WeightsOverflowed_GiveWayToTheBest()
    {
        using var engine = new LinearEngine(2, optimizer: new() { Kind = OptimizerKind.Sgd });
        float[] best = [];
        var options = Options with { BatchSize = 64, Epochs = 1000, Schedule = LearningRateSchedule.Constant(1e4f), ValidationFraction = 0.5 };
        var loop = new TrainingLoop(engine, options) { Observers = [new TrainingCallbacks { EpochDone = report => best = report.IsBest ? engine.Weights : best }] };
        var e = Assert.Throws<TrainingDivergedException>(() => loop.Run(Single(128)));
        Assert.All(engine.Weights, w => Assert.True(float.IsFinite(w)));
        Assert.Contains("those after epoch 1, the best, are kept", e.Message);
        Assert.Equal(best, engine.Weights);
    }

    [Fact]
    public void Run_Batch_AllocatesNothing()
    {
        var dataset = TrainingData.Linear(64);
        using var engine = new LinearEngine(2);
        long before = 0, allocated = 0;
        var loop = new TrainingLoop(engine, Options with { Epochs = 3 })
        {
            Observers =
            [
                new TrainingCallbacks
                {
                    BatchDone = report =>
                    {
                        long now = GC.GetAllocatedBytesForCurrentThread();
                        if (report.Epoch > 0 && report.Batch > 0)
                            allocated += now - before;
                        before = now;
                    },
                },
            ],
        };
        loop.Run(dataset);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Run_Streams_CarryStateAndBeginEachEpochAnew()
    {
        var options = Options with { Order = BatchOrderKind.Streams, BatchSize = 2, ChunkSteps = 7, Epochs = 1, ValidationFraction = 0.25 };
        // The same 30 training steps twice, in one chunk or in chunks: a rate of (almost) zero leaves the carried state as the only difference.
        double whole = FirstLoss(options with { ChunkSteps = 15 }, stateful: true), chunked = FirstLoss(options with { ChunkSteps = 5 }, stateful: true);
        Assert.Equal(whole, chunked, 1e-6);
        Assert.NotEqual(whole, FirstLoss(options with { ChunkSteps = 5 }, stateful: false), 1e-6);

        static double FirstLoss(TrainingOptions options, bool stateful)
        {
            using var engine = new LinearEngine(1, everyStep: true, stateful);
            float[] weights = engine.Weights;
            weights[engine.Parameters["output.weight"].Offset] = 0.7f;
            engine.ImportWeights(weights);
            options = options with { Epochs = 2, Schedule = LearningRateSchedule.Constant(1e-12f) };
            var history = new TrainingLoop(engine, options).Run(TrainingData.Stream(40));
            Assert.Equal(history.Epochs[0].Loss, history.Epochs[1].Loss, 1e-6);
            Assert.NotNull(history.Epochs[0].ValidationLoss);
            return history.Epochs[0].Loss;
        }
    }

    [Fact]
    public void Run_RandomValidation_IsDrawnByTheSeed()
    {
        var dataset = TrainingData.Linear(20);
        var options = Options with { ValidationFraction = 0.25, ValidationPart = ValidationPart.Random };
        var (training, validation) = options.Split(dataset);
        Assert.Equal((15, 5), (training.Count, validation!.Count));
        float[] all = [.. Targets(training), .. Targets(validation)];
        Assert.Equal(Targets(dataset).Order(), all.Order());
        Assert.Equal(Targets(validation), Targets(options.Split(dataset).Validation!));
        Assert.NotEqual(Targets(validation), Targets((options with { Seed = 9 }).Split(dataset).Validation!));

        static float[] Targets(SequenceDataset dataset) => [.. Enumerable.Range(0, dataset.Count).Select(i => dataset.Targets(i)[0])];
    }

    [Fact]
    public void TrainingLoop_OptionsThatCannotBe_AreNamed()
    {
        using var engine = new LinearEngine(2);
        Refused(nameof(TrainingOptions.Epochs), Options with { Epochs = 0 });
        Refused(nameof(TrainingOptions.BatchSize), Options with { BatchSize = -1 });
        Refused(nameof(TrainingOptions.ValidationFraction), Options with { ValidationFraction = 1 });
        Refused(nameof(TrainingOptions.Patience), Options with { Patience = 0 });
        Refused(nameof(TrainingOptions.ValidationPart), Options with { Order = BatchOrderKind.Streams, ValidationPart = ValidationPart.Random });
        Refused(nameof(LearningRateSchedule.LearningRate), Options with { Schedule = LearningRateSchedule.Constant(-1) });
        Assert.Contains("examples is 0", Assert.Throws<ArgumentException>(() => new TrainingLoop(engine, Options).Run(Single(0))).Message);

        void Refused(string property, TrainingOptions options) => Assert.Equal(property, Assert.Throws<ArgumentException>(() => new TrainingLoop(engine, options)).ParamName);
    }

    private static SequenceDataset Single(int count) => TrainingData.Linear(count, longest: 1);
}
