using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>Whole trainings, which must go on either engine as on the other.</summary>
public sealed class BothEnginesTests : IDisposable
{
    private static readonly NetworkSpec s_network = new() { InputSize = 2, HiddenSizes = [6, 5], OutputSize = 1 };
    private static readonly EngineOptions s_options = Plain.Engine with { Seed = 3, Threads = 1, ClipNorm = 1 };
    private static readonly TrainingEngine s_torch = new TorchTrainingEngine();
    private readonly string _folder = Directory.CreateTempSubdirectory("torch").FullName;

    public static TheoryData<bool> Both => [true, false];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void Run_ResumedOnTheOtherEngine_EndsWithTheSameWeights(bool beginsOnTorch, bool stateful)
    {
        NetworkSpec network = stateful ? s_network with { InputSize = 1, Output = OutputPosition.EveryStep, Cell = CellKind.Gru } : s_network;
        EngineOptions engine = s_options with { Stateful = stateful };
        TrainingOptions options = Plain.Training with { Epochs = 4, BatchSize = 5, ChunkSteps = 7, Order = stateful ? BatchOrderKind.Streams : BatchOrderKind.Shuffled };
        SequenceDataset data = stateful ? TrainingData.Stream(120) : TrainingData.Linear(40);
        string checkpoint = Path.Combine(_folder, "checkpoint.safetensors");
        var (first, second) = beginsOnTorch ? (s_torch, TrainingEngine.Managed) : (TrainingEngine.Managed, s_torch);
        using ITrainingEngine whole = first.Create(new(network, engine)), half = first.Create(new(network, engine)), other = second.Create(new(network, engine));

        new TrainingLoop(whole, options).Run(data);
        // Stops in the middle of an epoch, where a carried state counts.
        new TrainingLoop(half, options with { MaximumSteps = 6, CheckpointPath = checkpoint, CheckpointEverySteps = 3, CheckpointEveryEpochs = null }).Run(data);
        new TrainingLoop(other, options with { ResumeFrom = checkpoint }).Run(data);

        Assert.Equal(whole.UpdateCount, other.UpdateCount);
        float[] expected = whole.Weights(), found = other.Weights();
        double scale = expected.Max(MathF.Abs);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3 * scale));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Run_LearningRateTooHigh_DivergesInTheSameStepAndKeepsFiniteWeights(bool onTorch)
    {
        EngineOptions options = s_options with { ClipNorm = null, Optimizer = new() { Kind = OptimizerKind.Sgd } };
        using ITrainingEngine engine = Create(onTorch, options);
        SequenceDataset data = TrainingData.Linear(40);
        var schedule = LearningRateSchedule.Constant(1e12f);

        var error = Assert.Throws<TrainingDivergedException>(() => new TrainingLoop(engine, Plain.Training with { Schedule = schedule, Order = BatchOrderKind.Sequential }).Run(data));

        Assert.Contains("expected finite values", error.Message);
        Assert.Equal(DivergedStep(data, schedule, options), error.Step);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Run_NothingToLearn_StopsEarlyWithTheBestWeights(bool onTorch)
    {
        using ITrainingEngine engine = Create(onTorch, s_options);
        TrainingHistory history = new TrainingLoop(engine, Plain.Training with { Patience = 3, MinimumImprovement = 1e9, ValidationFraction = 0.2 }).Run(TrainingData.Linear(30));

        Assert.Equal((TrainingEnd.EarlyStopping, 4, 0), (history.End, history.Epochs.Count, history.BestEpoch));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Run_Cancelled_KeepsTheUpdatesUntilThen(bool onTorch)
    {
        using ITrainingEngine engine = Create(onTorch, s_options);
        using var cancellation = new CancellationTokenSource();
        var stop = new TrainingCallbacks { BatchDone = report => { if (report.Step == 3) cancellation.Cancel(); } };

        TrainingHistory history = new TrainingLoop(engine, Plain.Training with { BatchSize = 4, KeepWeightsOnCancellation = true }) { Observers = [stop] }
            .Run(TrainingData.Linear(40), cancellationToken: cancellation.Token);

        Assert.Equal((TrainingEnd.Cancelled, 3), (history.End, engine.UpdateCount));
    }

    [Fact]
    public void Doctor_OnTorch_SeesTheLayersAsOnTheManagedEngine()
    {
        LayerObservation[][] seen = [.. new[] { true, false }.Select(onTorch =>
        {
            using ITrainingEngine engine = Create(onTorch, s_options);
            var doctor = new NetworkDoctor();
            new TrainingLoop(engine, Plain.Training with { Epochs = 3 }) { Observers = [doctor] }.Run(TrainingData.Linear(64));
            var batch = new SequenceBatch();
            TrainingData.Linear(8).Fill(batch, [0, 1, 2, 3, 4, 5, 6, 7]);
            LayerObservation[] layers = [.. ((ILayerProbe)engine).Probe(batch, new float[8], out LossSum loss)];
            Assert.Equal(8, loss.Weight);
            return layers;
        })];

        Assert.Equal(2, seen[0].Length);
        foreach ((LayerObservation torch, LayerObservation managed) in seen[0].Zip(seen[1]))
        {
            Assert.Equal(managed.Gates.Select(gate => gate.Name), torch.Gates.Select(gate => gate.Name));
            Assert.All(managed.GradientNorms.Zip(torch.GradientNorms), pair => Assert.Equal(pair.First, pair.Second, 1e-2 * managed.GradientNorms.Max()));
        }
    }

    private static ITrainingEngine Create(bool onTorch, EngineOptions options) => (onTorch ? s_torch : TrainingEngine.Managed).Create(new(s_network, options));

    private static long DivergedStep(SequenceDataset data, LearningRateSchedule schedule, EngineOptions options)
    {
        using ITrainingEngine engine = Create(onTorch: false, options);
        return Assert.Throws<TrainingDivergedException>(() => new TrainingLoop(engine, Plain.Training with { Schedule = schedule, Order = BatchOrderKind.Sequential }).Run(data)).Step;
    }
}
