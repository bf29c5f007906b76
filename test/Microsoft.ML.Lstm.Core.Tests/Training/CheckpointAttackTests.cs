using System.Text.Json.Nodes;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Checkpoints of which no training can be, or another is than the one that resumes.</summary>
public sealed class CheckpointAttackTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { Epochs = 3, BatchSize = 8, ValidationFraction = 0.2, Seed = 2 };
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    private string Checkpoint => Path.Combine(_folder, "training.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Epoch", "-2147483648")]
    [InlineData("Epoch", "2147483647")]
    [InlineData("Epoch", "null")]
    [InlineData("Batch", "-1")]
    [InlineData("Batch", "8")]
    [InlineData("Step", "-1")]
    [InlineData("Step", "9223372036854775807")]
    [InlineData("LossSum", "\"NaN\"")]
    [InlineData("LossWeight", "-1")]
    [InlineData("Seconds", "\"Infinity\"")]
    [InlineData("LearningRate", "\"NaN\"")]
    [InlineData("BestEpoch", "7")]
    [InlineData("BestEpoch", "null")]
    [InlineData("BestLoss", "\"NaN\"")]
    [InlineData("EpochsWithoutImprovement", "-1")]
    [InlineData("Plateau", "null")]
    [InlineData("Plateau", "{\"Scale\":\"NaN\"}")]
    [InlineData("History", "null")]
    [InlineData("History", "[]")]
    [InlineData("History", "[null]")]
    [InlineData("History", "[{\"Epoch\":5}]")]
    public void Resume_ProgressThatNoTrainingComesTo_IsRefusedByName(string property, string value)
    {
        Interrupt(Options);
        Rewrite(metadata => metadata["progress"] = Changed(metadata["progress"], property, value));
        var error = Assert.Throws<InvalidDataException>(() => Resume(Options));
        Assert.Contains(Checkpoint, error.Message);
        Assert.Contains(property == "BestLoss" ? "Best" : property, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 6e7f })]
    [InlineData(new[] { -1f })]
    [InlineData(new[] { float.NaN, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(new[] { 2f, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(new[] { 1f, 1, 2, 3, 4, 5, 6, 7 })]
    public void ImportState_CarriedStateOfAnotherSize_IsRefused(float[] state)
    {
        using var engine = new ManagedEngine(
            new() { InputSize = 1, HiddenSizes = [4], OutputSize = 1, Output = OutputPosition.EveryStep }, new() { Threads = 1, Stateful = true });
        var whole = new Dictionary<string, float[]>(engine.ExportState());
        string name = whole.Single(pair => pair.Value.SequenceEqual([0f])).Key;
        whole[name] = state;
        Assert.Contains("carried state", Assert.Throws<ArgumentException>(() => engine.ImportState(whole, 0)).Message);
    }

    [Fact]
    public void Resume_OfOtherData_IsRefused()
    {
        Interrupt(Options);
        Refused("its ExampleCount is 56; expected 57", Changed(71, _ => { }));
        Refused("its TrainingData is", Changed(70, features => features[0] = MathF.BitIncrement(features[0])));
        Refused("its ValidationData is", Changed(70, features => features[0] += 1, example: 69));

        void Refused(string message, SequenceDataset data) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Resume(Options, data: data)).Message);

        static SequenceDataset Changed(int count, Action<float[]> change, int example = 7)
        {
            SequenceDataset old = TrainingData.Linear(count), changed = new(old.Shape);
            for (int i = 0; i < old.Count; i++)
            {
                float[] features = old.Features(i).ToArray();
                if (i == example)
                    change(features);
                changed.Add(new SequenceExample { Features = features, Targets = old.Targets(i) });
            }
            return changed;
        }
    }

    [Fact]
    public void Resume_WithAnotherLossOptimizerDropoutOrClipping_NamesIt()
    {
        Interrupt(Options);
        Refused("Engine.Loss.Kind is \"MeanSquaredError\"; expected \"Huber\"", Plain.Engine with { Loss = new() { Kind = LossKind.Huber } });
        Refused("Engine.Optimizer.Beta1 is 0.9; expected 0.5", Plain.Engine with { Optimizer = new() { Beta1 = 0.5f } });
        Refused("Engine.Regularization.LayerDropout is 0; expected 0.1", Plain.Engine with { Regularization = new() { LayerDropout = 0.1f } });
        Refused("Engine.ClipNorm is null; expected 1", Plain.Engine with { ClipNorm = 1 });
        Refused("Engine.Seed is 0; expected 9", Plain.Engine with { Seed = 9 });

        void Refused(string message, EngineOptions engine) =>
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Resume(Options, engine)).Message);
    }

    [Fact]
    public void Resume_WithAnotherSchedule_IsRefusedUnlessAskedFor()
    {
        Interrupt(Options);
        var lower = Options with { Schedule = LearningRateSchedule.Constant(1e-4f) };
        string message = Assert.Throws<InvalidDataException>(() => Resume(lower)).Message;
        Assert.Contains("its Schedule.LearningRate is ", message);
        Assert.Contains("Set ResumeWithNewSchedule", message);
        Assert.Equal(1e-4f, Resume(lower with { ResumeWithNewSchedule = true }).Epochs[^1].LearningRate);
    }

    [Fact]
    public void Resume_WithMoreEpochsAndThreads_IsFree()
    {
        Interrupt(Options);
        Assert.Equal(5, Resume(Options with { Epochs = 5, Patience = 9, CheckpointPath = Path.Combine(_folder, "other") }, Plain.Engine with { Threads = 2 }).Epochs.Count);
    }

    // LSTM_RECORD=1 in the environment writes a checkpoint of the present version, halfway, where there is none yet; it never overwrites.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Resume_FromEveryVersion_GivesTheSameWeights(int version)
    {
        string name = $"checkpoint-v{version}.safetensors", recorded = Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
        var data = new SequenceDataset(new SequenceShape { FeatureSize = 1, TargetSize = 1 });
        for (int i = 0; i < 40; i++)
            data.Add(new SequenceExample { Features = Wave(i, 6), Targets = Wave(i + 6, 1) });
        var options = Plain.Training with { Epochs = 4, BatchSize = 8, ValidationFraction = 0.2, Seed = 2 };
        if (!File.Exists(recorded) && Environment.GetEnvironmentVariable("LSTM_RECORD") == "1")
            Weights(options with { Epochs = 2, CheckpointPath = recorded });

        float[] expected = Weights(options), resumed = Weights(options with { ResumeFrom = recorded });

        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], resumed[i], 1e-4f);

        float[] Weights(TrainingOptions options)
        {
            using var engine = new ManagedEngine(new() { InputSize = 1, HiddenSizes = [4], OutputSize = 1 }, Plain.Engine with { Threads = 1, Seed = 3 });
            new TrainingLoop(engine, options).Run(data);
            return ResumableTraining.Weights(engine);
        }
    }

    private static float[] Wave(int first, int count) => [.. Enumerable.Range(first, count).Select(t => MathF.Sin(t * 0.3f))];

    private static ManagedEngine Engine(EngineOptions? options) => new(new() { InputSize = 2, HiddenSizes = [3], OutputSize = 1 }, options ?? Plain.Engine with { Threads = 1 });

    // Stands in the second epoch, whose every epoch has 7 batches.
    private void Interrupt(TrainingOptions options)
    {
        using var source = new CancellationTokenSource();
        using ManagedEngine engine = Engine(null);
        var loop = new TrainingLoop(engine, options with { CheckpointPath = Checkpoint, CheckpointEverySteps = 2 }) { Observers = [new TrainingCallbacks { BatchDone = report => { if (report.Step == 10) source.Cancel(); } }] };
        Assert.ThrowsAny<OperationCanceledException>(() => loop.Run(TrainingData.Linear(70), cancellationToken: source.Token));
    }

    private TrainingHistory Resume(TrainingOptions options, EngineOptions? engineOptions = null, SequenceDataset? data = null)
    {
        using ManagedEngine engine = Engine(engineOptions);
        return new TrainingLoop(engine, options with { ResumeFrom = Checkpoint }).Run(data ?? TrainingData.Linear(70));
    }

    private static string Changed(string json, string property, string value)
    {
        JsonObject root = JsonNode.Parse(json)!.AsObject();
        root[property] = JsonNode.Parse(value);
        return root.ToJsonString();
    }

    // With a checksum that fits, as an attacker would see to.
    private void Rewrite(Action<IDictionary<string, string>> change)
    {
        using var stream = new MemoryStream(File.ReadAllBytes(Checkpoint));
        var old = new SafetensorsReader(stream);
        var file = new SafetensorsWriter();
        foreach ((string key, string value) in old.Metadata)
            file.Metadata[key] = value;
        change(file.Metadata);
        foreach (SafetensorsTensor tensor in old.Tensors)
            file.Add<float>(tensor.Name, tensor.Shape, old.Values<float>(tensor.Name).ToArray());
        new FileFormat("microsoft.ml.lstm.checkpoint", 2).WriteTo(file);
        using FileStream target = File.Create(Checkpoint);
        file.Write(target);
    }
}
