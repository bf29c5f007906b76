using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public sealed class TrainingObserverTests
{
    private static readonly TrainingOptions Options = Plain.Training with { Epochs = 2, BatchSize = 8, Schedule = LearningRateSchedule.Constant(0.05f) };

    [Fact]
    public void Run_WithoutObservers_MakesNoCallBesideTheSteps()
    {
        using var engine = new LinearEngine(2);
        new TrainingLoop(engine, Options).Run(TrainingData.Linear(20));
        Assert.Equal(Enumerable.Repeat((string[])["TrainStep", "ReadSteps"], 6).SelectMany(call => call), engine.Calls);

        using var watched = new LinearEngine(2);
        new TrainingLoop(watched, Options) { Observers = [new NetworkDoctor()] }.Run(TrainingData.Linear(20));
        Assert.Contains("Predict", watched.Calls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_ResultsReadLater_TellsTheSameOfEveryStep(int mostUnread)
    {
        var (expected, weights, calls) = Run(1);
        var (found, sameWeights, fewerCalls) = Run(mostUnread);

        Assert.Equal(expected, found);
        Assert.Equal(weights, sameWeights);
        // 8 steps an epoch: read whenever that many are unread, and at the epoch's end.
        Assert.Equal((16, 2 * ((8 + mostUnread - 1) / mostUnread)), (calls, fewerCalls));

        static (List<BatchReport>, float[], int) Run(int mostUnread)
        {
            using var engine = new LinearEngine(2) { MostUnreadSteps = mostUnread };
            var reports = new List<BatchReport>();
            new TrainingLoop(engine, Options) { Observers = [new TrainingCallbacks { BatchDone = reports.Add }] }.Run(TrainingData.Linear(64));
            return (reports, engine.Weights, engine.Calls.Count(call => call == "ReadSteps"));
        }
    }

    [Fact]
    public void Run_Cancelled_TellsOfEveryStepThatWasMade()
    {
        using var engine = new LinearEngine(2) { MostUnreadSteps = 5 };
        using var source = new CancellationTokenSource();
        var reports = new List<BatchReport>();
        var callbacks = new TrainingCallbacks
        {
            BatchDone = report =>
            {
                reports.Add(report);
                source.Cancel();
            },
        };

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new TrainingLoop(engine, Options) { Observers = [callbacks] }.Run(TrainingData.Linear(64), cancellationToken: source.Token));

        Assert.Equal(engine.UpdateCount, reports.Count);
    }

    [Fact]
    public void Run_WeightedExamples_ReportsTheWeightedMeanOfTheEpoch()
    {
        var data = new SequenceDataset(new() { FeatureSize = 1 });
        for (int i = 0; i < 12; i++)
            data.Add(new SequenceExample { Features = [0], Targets = [i], Weight = i < 4 ? 0 : i });
        using var engine = new LinearEngine(1);
        // A rate of almost zero: the prediction stays 0, and the loss of example i is i².
        TrainingOptions options = Options with { Epochs = 1, BatchSize = 4, Schedule = LearningRateSchedule.Constant(1e-30f) };

        EpochReport epoch = Assert.Single(new TrainingLoop(engine, options).Run(data).Epochs);

        double weight = Enumerable.Range(4, 8).Sum();
        Assert.Equal(Enumerable.Range(4, 8).Sum(i => (double)i * i * i) / weight, epoch.Loss, 1e-9);
    }

    [Theory]
    [InlineData(OutputPosition.EveryStep)]
    [InlineData(OutputPosition.LastStep)]
    public void Evaluate_SequencesOfOneStep_WeighsEachByItsOwn(OutputPosition output)
    {
        using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1, Output = output }, Plain.Engine with { Threads = 1 });
        var batch = new SequenceBatch();
        batch.Reset([1, 1, 1], 1, targetSize: 1, targetEveryStep: output == OutputPosition.EveryStep);
        (batch.Weights[0], batch.Weights[1], batch.Weights[2]) = (1, 2, 4);

        Assert.Equal(7, engine.Evaluate(batch).Weight);
    }
}
