using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

public class DiagnosisTests
{
    private static readonly NetworkSpec Tiny = new() { InputSize = 1, HiddenSizes = [4], OutputSize = 1 };

    private static readonly Patient Unscaled = new()
    {
        Data = SampleData.Sines(64, feature: x => 15 * x, target: x => 700 * x),
        Network = Tiny,
        Options = new() { Epochs = 1 },
    };

    [Fact]
    public void Survives_a_model_file()
    {
        NetworkDiagnosis diagnosis = Unscaled.Train().Diagnosis;
        Assert.Equal(2, diagnosis.Findings.Count);
        using var engine = new ManagedEngine(Tiny, new());
        var file = new ModelFile
        {
            Spec = Tiny,
            Loss = new(),
            Weights = ResumableTraining.Weights(engine),
            Metadata = new Dictionary<string, string> { ["diagnosis"] = diagnosis.ToJson() },
        };
        var stream = new MemoryStream();
        file.Write(stream);
        stream.Position = 0;
        NetworkDiagnosis read = NetworkDiagnosis.FromJson(ModelFile.Read(stream).Metadata["diagnosis"]);
        Assert.Equal(diagnosis.ToString(), read.ToString());
        foreach ((Finding expected, Finding found) in diagnosis.Findings.Zip(read.Findings))
        {
            Assert.Equal(expected.Evidence, found.Evidence);
            Assert.Equal((expected.Code, expected.Severity, expected.Message, expected.Advice), (found.Code, found.Severity, found.Message, found.Advice));
        }
        Assert.Contains("\"UnscaledInputs\"", diagnosis.ToJson());
        Assert.Throws<InvalidDataException>(() => NetworkDiagnosis.FromJson("[1"));
        Assert.Throws<InvalidDataException>(() => NetworkDiagnosis.FromJson("null"));
    }

    [Fact]
    public void Reads_well()
    {
        NetworkDiagnosis diagnosis = Unscaled.Train().Diagnosis;
        Assert.StartsWith("[Warning] UnscaledInputs: The inputs are of sizes from ", diagnosis.ToString());
        Assert.Contains("ScaleFeatures", diagnosis[FindingCode.UnscaledInputs]!.ToString());
        Assert.Null(diagnosis[FindingCode.Diverged]);
        Assert.False(diagnosis.IsHealthy);
        Assert.Equal("Nothing was found.", new NetworkDiagnosis().ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_watched_training_has_the_bits_of_an_unwatched_one(bool stateful)
    {
        var spec = new NetworkSpec
        {
            InputSize = stateful ? 1 : 2, HiddenSizes = [8, 6], OutputSize = 1, Output = stateful ? OutputPosition.EveryStep : OutputPosition.LastStep,
        };
        var engineOptions = new EngineOptions { Regularization = new() { LayerDropout = 0.2f, RecurrentDropout = 0.1f }, ClipNorm = 1, Stateful = stateful, Threads = 1 };
        var options = new TrainingOptions { Epochs = 5, BatchSize = 8, Order = stateful ? BatchOrderKind.Streams : BatchOrderKind.Shuffled, ChunkSteps = 10, ValidationFraction = 0.2 };
        SequenceDataset data = stateful ? TrainingData.Stream(600) : TrainingData.Linear(60, longest: 9);
        var epochs = new List<EpochReport>();
        var batches = new List<BatchReport>();
        using ManagedEngine watched = new(spec, engineOptions), unwatched = new(spec, engineOptions);
        TrainingHistory history = new NetworkDoctor(watched, engineOptions, options) { EpochDone = epochs.Add, BatchDone = batches.Add }.Train(data);
        new TrainingLoop(unwatched, options).Run(data);
        Assert.Equal(ResumableTraining.Weights(unwatched), ResumableTraining.Weights(watched));
        Assert.Equal(history.Epochs, epochs);
        Assert.Equal(history.Epochs[^1].Steps, batches.Count);
    }

    [Fact]
    public void Other_engines_are_diagnosed_by_what_they_answer()
    {
        using var engine = new LinearEngine(2);
        var told = new List<FindingCode>();
        var options = new TrainingOptions { Epochs = 20, BatchSize = 8, Schedule = new() { LearningRate = 1e-6f } };
        var doctor = new NetworkDoctor(engine, new(), options) { Found = finding => told.Add(finding.Code) };
        doctor.Train(TrainingData.Linear(64, longest: 1));
        Assert.Equal([FindingCode.CollapsedToMean, FindingCode.AtBaseline, FindingCode.LearningRateTooLow], doctor.Diagnosis.Findings.Select(f => f.Code));
        Assert.Equal(doctor.Diagnosis.Findings.Select(f => f.Code), told);
    }

    [Fact]
    public void Refuses_as_the_loop_does()
    {
        using var engine = new ManagedEngine(Tiny, new() { Threads = 1 });
        Assert.Throws<ArgumentException>(() => new NetworkDoctor(engine, new(), new() { Epochs = 0 }));
        Assert.Contains("examples is 0", Assert.Throws<ArgumentException>(() => new NetworkDoctor(engine, new(), new()).Train(new SequenceDataset(new() { FeatureSize = 1 }))).Message);
        var seen = new NetworkDoctor(engine, new(), new() { MaximumSteps = 1 });
        seen.Train(SampleData.Sines(40));
        Assert.Throws<InvalidOperationException>(() => seen.Train(SampleData.Sines(40)));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new NetworkDoctor(engine, new(), new()).Train(SampleData.Sines(40), cancellationToken: source.Token));
    }
}
