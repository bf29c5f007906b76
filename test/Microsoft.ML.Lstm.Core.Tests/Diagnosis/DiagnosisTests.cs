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
        Options = Plain.Training with { Epochs = 1 },
    };

    [Fact]
    public void ToJson_InAModelFile_ReadsBackTheSame()
    {
        NetworkDiagnosis diagnosis = Unscaled.Train().Diagnosis;
        Assert.Equal(2, diagnosis.Findings.Count);
        using var engine = new ManagedEngine(Tiny, Plain.Engine);
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
    public void ToString_NamesSeverityAndCode()
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
    public void Run_WithTheDoctor_HasTheBitsOfOneWithout(bool stateful)
    {
        var spec = new NetworkSpec
        {
            InputSize = stateful ? 1 : 2, HiddenSizes = [8, 6], OutputSize = 1, Output = stateful ? OutputPosition.EveryStep : OutputPosition.LastStep,
        };
        var engineOptions = Plain.Engine with { Regularization = new() { LayerDropout = 0.2f, RecurrentDropout = 0.1f }, ClipNorm = 1, Stateful = stateful, Threads = 1 };
        var options = Plain.Training with { Epochs = 5, BatchSize = 8, Order = stateful ? BatchOrderKind.Streams : BatchOrderKind.Shuffled, ChunkSteps = 10, ValidationFraction = 0.2 };
        SequenceDataset data = stateful ? TrainingData.Stream(600) : TrainingData.Linear(60, longest: 9);
        var epochs = new List<EpochReport>();
        var batches = new List<BatchReport>();
        using ManagedEngine watched = new(spec, engineOptions), unwatched = new(spec, engineOptions);
        var callbacks = new TrainingCallbacks { EpochDone = epochs.Add, BatchDone = batches.Add };
        TrainingHistory history = new TrainingLoop(watched, options) { Observers = [new NetworkDoctor(), callbacks] }.Run(data);
        new TrainingLoop(unwatched, options).Run(data);
        Assert.Equal(ResumableTraining.Weights(unwatched), ResumableTraining.Weights(watched));
        Assert.Equal(history.Epochs, epochs);
        Assert.Equal(history.Epochs[^1].Steps, batches.Count);
    }

    [Fact]
    public void Run_EngineWithoutALayerProbe_IsDiagnosedByItsPredictions()
    {
        using var engine = new LinearEngine(2);
        var told = new List<FindingCode>();
        var options = Plain.Training with { Epochs = 20, BatchSize = 8, Schedule = new() { LearningRate = 1e-6f } };
        var doctor = new NetworkDoctor { Found = finding => told.Add(finding.Code) };
        new TrainingLoop(engine, options) { Observers = [doctor] }.Run(TrainingData.Linear(64, longest: 1));
        Assert.Equal([FindingCode.CollapsedToMean, FindingCode.AtBaseline, FindingCode.LearningRateTooLow], doctor.Diagnosis.Findings.Select(f => f.Code));
        Assert.Equal(doctor.Diagnosis.Findings.Select(f => f.Code), told);
    }

    [Fact]
    public void Begin_SecondTraining_Throws()
    {
        using var engine = new ManagedEngine(Tiny, Plain.Engine with { Threads = 1 });
        var loop = new TrainingLoop(engine, Plain.Training with { MaximumSteps = 1 }) { Observers = [new NetworkDoctor()] };
        loop.Run(SampleData.Sines(40));

        Assert.Throws<InvalidOperationException>(() => loop.Run(SampleData.Sines(40)));
    }
}
