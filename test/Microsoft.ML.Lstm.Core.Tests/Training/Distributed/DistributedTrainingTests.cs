using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training.Distributed;

/// <summary>Several processes, here threads: same bits whatever their number, the same decisions in all, and no process that waits for ever.</summary>
public sealed class DistributedTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("distributed").FullName;

    private string Checkpoint => Path.Combine(_folder, "training.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_AnyNumberOfProcesses_EndsWithTheSameBits()
    {
        Outcome alone = Assert.Single(Train(1, ResumableTraining.Options));

        foreach (int size in (int[])[2, 3, 4, 6])
        {
            Outcome[] outcomes = Train(size, ResumableTraining.Options, shards: 4);
            Assert.All(outcomes, outcome => Assert.Equal(alone.Weights, outcome.Weights));
            Assert.All(outcomes, outcome => Assert.Equal(alone.Losses, outcome.Losses));
            Assert.All(outcomes, outcome => Assert.Equal((alone.End, alone.Best), (outcome.End, outcome.Best)));
        }
    }

    [Fact]
    public void Run_OtherNumberOfShards_EndsNearButNotAtTheSame()
    {
        float[] four = Train(2, ResumableTraining.Options with { Epochs = 2 }, shards: 4, create: NoDropout)[0].Weights;
        float[] three = Train(2, ResumableTraining.Options with { Epochs = 2 }, shards: 3, create: NoDropout)[0].Weights;
        float[] whole = ResumableTraining.Run(NoDropout, null);

        Assert.NotEqual(four, three);
        Assert.Equal(four.Length, whole.Length);
        Assert.All(four.Zip(three), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Run_BatchSmallerThanTheShards_LeavesSomeEmpty()
    {
        TrainingOptions options = ResumableTraining.Options with { BatchSize = 3, Epochs = 2 };
        float[] alone = Train(1, options, shards: 5)[0].Weights;

        Assert.All(Train(4, options, shards: 5), outcome => Assert.Equal(alone, outcome.Weights));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 2)]
    public void Run_ResumedWithOtherProcesses_EndsWithTheSameBits(int before, int after)
    {
        float[] expected = Train(1, ResumableTraining.Options)[0].Weights;
        TrainingOptions options = ResumableTraining.Options with { CheckpointPath = Checkpoint, CheckpointEverySteps = 1 };

        Outcome[] stopped = Train(before, options with { KeepWeightsOnCancellation = true }, shards: 4, cancelAt: 17);
        Outcome[] resumed = Train(after, options with { ResumeFrom = Checkpoint }, shards: 4);

        Assert.All(stopped, outcome => Assert.Equal(TrainingEnd.Cancelled, outcome.End));
        Assert.All(resumed, outcome => Assert.Equal(expected, outcome.Weights));
    }

    [Fact]
    public void Run_CancelledInOneProcess_ThrowsInAllAfterTheSameUpdate()
    {
        var outcomes = InMemoryGroup.TryRun(3, group => Train(group, ResumableTraining.Options, 4, cancelAt: group.Rank == 2 ? 9 : 0));

        Assert.All(outcomes, outcome => Assert.IsAssignableFrom<OperationCanceledException>(outcome.Error));
    }

    [Fact]
    public void Run_Diverged_ThrowsTheSameInAll()
    {
        TrainingOptions options = ResumableTraining.Options with { Schedule = LearningRateSchedule.Constant(1e30f), ValidationFraction = 0 };

        var outcomes = InMemoryGroup.TryRun(3, group => Train(group, options, 4));

        var first = Assert.IsType<TrainingDivergedException>(outcomes[0].Error);
        Assert.All(outcomes, outcome => Assert.Equal(first.Message, Assert.IsType<TrainingDivergedException>(outcome.Error).Message));
    }

    [Theory]
    [InlineData("data", "Scope.ExampleCount is 55; expected 56")]
    [InlineData("optimizer", "Scope.Engine.Optimizer.Kind is \"Sgd\"; expected \"Adam\"")]
    [InlineData("epochs", "Epochs is 7; expected 6")]
    [InlineData("batch", "Scope.BatchSize is 4; expected 8")]
    [InlineData("shards", "ShardsPerBatch is 8; expected 4")]
    [InlineData("network", "Network.HiddenSizes is [6]; expected [6,5]")]
    public void Run_OneProcessSetUpOtherwise_IsRefusedByAllAndNamesIt(string what, string expected)
    {
        var outcomes = InMemoryGroup.TryRun(3, group =>
        {
            bool odd = group.Rank == 1;
            TrainingOptions options = ResumableTraining.Options with { Epochs = odd && what == "epochs" ? 7 : 6, BatchSize = odd && what == "batch" ? 4 : 8 };
            EngineOptions engine = Plain.Engine with { Seed = 3, Threads = 1, Optimizer = new() { Kind = odd && what == "optimizer" ? OptimizerKind.Sgd : OptimizerKind.Adam } };
            int[] hidden = odd && what == "network" ? [6] : [6, 5];
            return Train(group, options, odd && what == "shards" ? 8 : 4, () => new ManagedEngine(new() { InputSize = 2, HiddenSizes = hidden, OutputSize = 1 }, engine),
                TrainingData.Linear(odd && what == "data" ? 69 : 70));
        });

        Assert.All(outcomes, outcome => Assert.Contains($"Process 1 of 3 is not set up as process 0: its {expected}.", Assert.IsType<DistributedTrainingException>(outcome.Error).Message));
    }

    [Fact]
    public void Run_FirstCannotWriteItsCheckpoint_StopsAllWithItsReason()
    {
        TrainingOptions options = ResumableTraining.Options with { CheckpointPath = Path.Combine(_folder, "missing", "file") };

        var outcomes = InMemoryGroup.TryRun(2, group => Train(group, options, 4));

        Assert.IsType<ArgumentException>(outcomes[0].Error);
        Assert.Contains("Process 0 of 2 cannot train: CheckpointPath is '", Assert.IsType<DistributedTrainingException>(outcomes[1].Error).Message);
    }

    [Fact]
    public void Run_ResumeFromMissingFile_StopsAll()
    {
        var outcomes = InMemoryGroup.TryRun(2, group => Train(group, ResumableTraining.Options with { ResumeFrom = Checkpoint }, 4));

        Assert.IsType<FileNotFoundException>(outcomes[0].Error);
        Assert.IsType<DistributedTrainingException>(outcomes[1].Error);
    }

    [Fact]
    public void Run_ObserverOfOneProcessThrows_EndsAll()
    {
        var outcomes = InMemoryGroup.TryRun(3, group => Train(group, ResumableTraining.Options, 4, batchDone: report =>
        {
            if (group.Rank == 1 && report.Step == 5)
                throw new IOException("disk full");
        }));

        Assert.IsType<IOException>(outcomes[1].Error);
        Assert.All([outcomes[0], outcomes[2]], outcome => Assert.Contains("aborted by process 1: disk full", outcome.Error!.Message));
    }

    [Fact]
    public void Resume_DistributedCheckpointAloneAndTheOtherWay_IsRefused()
    {
        TrainingOptions options = ResumableTraining.Options with { CheckpointPath = Checkpoint, Epochs = 1 };
        Train(2, options, shards: 4);
        using ITrainingEngine engine = ResumableTraining.Lstm();
        TrainingOptions resumed = ResumableTraining.Options with { ResumeFrom = Checkpoint };

        var alone = Assert.Throws<InvalidDataException>(() => new TrainingLoop(engine, resumed).Run(TrainingData.Linear(70)));
        new TrainingLoop(engine, options).Run(TrainingData.Linear(70));
        var several = InMemoryGroup.TryRun(2, group => Train(group, resumed, 4));

        Assert.Contains("of a distributed training of 4 shards per batch", alone.Message);
        Assert.All(several, outcome => Assert.Contains("without shards; expected 4 shards per batch", Assert.IsType<InvalidDataException>(outcome.Error).Message));
    }

    [Fact]
    public void Run_StatefulStreams_EndWithTheSameBitsWhateverTheProcesses()
    {
        Outcome alone = Assert.Single(Train(1, Streams, shards: 4, create: Stateful, data: TrainingData.Stream(90)));

        foreach (int size in (int[])[2, 3, 4, 5])
            Assert.All(Train(size, Streams, shards: 4, create: Stateful, data: TrainingData.Stream(90)), outcome =>
            {
                Assert.Equal(alone.Weights, outcome.Weights);
                Assert.Equal(alone.Losses, outcome.Losses);
            });
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 2)]
    public void Run_StatefulResumedWithinAnEpoch_KeepsEachShardsState(int before, int after)
    {
        SequenceDataset data = TrainingData.Stream(90);
        float[] expected = Train(1, Streams, shards: 4, create: Stateful, data: data)[0].Weights;
        TrainingOptions options = Streams with { CheckpointPath = Checkpoint, CheckpointEverySteps = 1, KeepWeightsOnCancellation = true };

        Train(before, options, shards: 4, cancelAt: 5, create: Stateful, data: data);
        Outcome[] resumed = Train(after, options with { ResumeFrom = Checkpoint }, shards: 4, create: Stateful, data: data);

        Assert.All(resumed, outcome => Assert.Equal(expected, outcome.Weights));
    }

    [Fact]
    public void Distribution_EngineOfOneCarriedState_IsRefused()
    {
        using var engine = new LinearEngine(1, everyStep: true, stateful: true);

        var outcomes = InMemoryGroup.TryRun(1, group => new TrainingLoop(engine, Streams) { Distribution = new DataParallel { Group = group } });

        Assert.Contains("Stateful is true", Assert.IsType<NotSupportedException>(outcomes[0].Error).Message);
    }

    // Seven streams, so that four shards have two, two, two and one.
    private static TrainingOptions Streams => Plain.Training with { Order = BatchOrderKind.Streams, BatchSize = 7, ChunkSteps = 3, Epochs = 3, ValidationFraction = 0.2 };

    private static ManagedEngine Stateful() => new(
        new() { InputSize = 1, HiddenSizes = [5], OutputSize = 1, Output = OutputPosition.EveryStep },
        Plain.Engine with { Stateful = true, Threads = 1, Regularization = new() { OutputDropout = 0.1f } });

    private static Outcome[] Train(int size, TrainingOptions options, int? shards = null, long cancelAt = 0, Func<ITrainingEngine>? create = null, SequenceDataset? data = null) =>
        InMemoryGroup.Run(size, group => Train(group, options, shards, create, data, cancelAt));

    private static Outcome Train(
        IProcessGroup group, TrainingOptions options, int? shards, Func<ITrainingEngine>? create = null, SequenceDataset? data = null, long cancelAt = 0, Action<BatchReport>? batchDone = null)
    {
        using ITrainingEngine engine = (create ?? ResumableTraining.Lstm)();
        using var source = new CancellationTokenSource();
        var callbacks = new TrainingCallbacks
        {
            BatchDone = batchDone + (report =>
            {
                if (report.Step == cancelAt)
                    source.Cancel();
            }),
        };
        var loop = new TrainingLoop(engine, options) { Observers = [callbacks], Distribution = new DataParallel { Group = group, ShardsPerBatch = shards } };
        TrainingHistory history = loop.Run(data ?? TrainingData.Linear(70), cancellationToken: source.Token);
        return new Outcome(ResumableTraining.Weights(engine), [.. history.Epochs.Select(epoch => (epoch.Loss, epoch.ValidationLoss))], history.End, history.BestEpoch);
    }

    private static ManagedEngine NoDropout() => new(new() { InputSize = 2, HiddenSizes = [6, 5], OutputSize = 1 }, Plain.Engine with { Seed = 3, Threads = 1 });

    private sealed record Outcome(float[] Weights, List<(double, double?)> Losses, TrainingEnd End, int? Best);
}
