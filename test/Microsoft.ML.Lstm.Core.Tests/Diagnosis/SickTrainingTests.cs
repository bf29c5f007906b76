using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Xunit.Abstractions;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>Trainings that go wrong, each in its own way.</summary>
public class SickTrainingTests(ITestOutputHelper output)
{
    private static readonly NetworkSpec Small = new() { InputSize = 1, HiddenSizes = [16], OutputSize = 1 };

    [Fact]
    public void Diagnose_PeriodicCharactersAndLittleMomentum_FindsCollapseToTheMean()
    {
        // The network sees single characters: time was laid along the batch, so that each has a history of one step.
        int next = 0;
        var data = SampleData.Numbers(240, 1, 1, () => ([Code(next++)], [Code(next)]));
        Finding finding = Find(FindingCode.CollapsedToMean, new()
        {
            Data = data,
            Network = Small,
            Engine = Plain.Engine with { Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0.9f } },
            Options = Plain.Training with { BatchSize = 12, Order = BatchOrderKind.Sequential, Epochs = 20, Schedule = LearningRateSchedule.Constant(0.001f) },
        });
        Assert.InRange(finding.Evidence["variance of predictions"] / finding.Evidence["variance of labels"], 0, 0.01);
        Assert.Contains("time runs along the steps", finding.Advice);

        static float Code(int t) => t % 12 / 12f;
    }

    [Fact]
    public void Diagnose_PredictionsWaverAboutTheMean_FindsCollapseToIt()
    {
        var random = new RandomStream(7UL);
        NetworkDiagnosis diagnosis = Diagnose(new()
        {
            Data = SampleData.Noise(640, 6, _ => (float)random.NextGaussian()),
            Network = Small,
            Options = Plain.Training with { BatchSize = 16, Epochs = 8, Schedule = LearningRateSchedule.Constant(0.002f) },
        });
        Finding finding = diagnosis[FindingCode.CollapsedToMean]!;
        Assert.InRange(finding.Evidence["variance of predictions"] / finding.Evidence["variance of labels"], 0.01, 0.05);
        Assert.NotNull(diagnosis[FindingCode.AtBaseline]);
    }

    [Fact]
    public void Diagnose_ParityWithLargeAdaGradSteps_FindsTheBaseline()
    {
        Finding finding = Find(FindingCode.AtBaseline, new()
        {
            Data = SampleData.Parity(7),
            Network = new() { InputSize = 1, HiddenSizes = [40, 40], OutputSize = 2 },
            Engine = Plain.Engine with
            {
                Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, Optimizer = new() { Kind = OptimizerKind.AdaGrad }, ClipNorm = 100,
            },
            Options = Plain.Training with { BatchSize = 16, Epochs = 14, Schedule = LearningRateSchedule.Constant(0.1f) },
        });
        Assert.Equal(Math.Log(2), finding.Evidence["loss of the best constant"], 1e-9);
        Assert.InRange(finding.Evidence["loss"], 0.68, 0.72);
    }

    [Fact]
    public void Diagnose_TinySteps_FindsCollapseToOneClass()
    {
        Finding finding = Find(FindingCode.CollapsedToOneClass, new()
        {
            Data = SampleData.Tokens(320, 4, 8, 6, tokens => tokens[^1] == 0 ? tokens[^2] == 0 ? 2 : 1 : 0),
            Network = new() { VocabularySize = 6, EmbeddingSize = 8, HiddenSizes = [16], OutputSize = 3 },
            // Small embeddings, whose tokens are hardly told apart at first.
            Engine = Plain.Engine with
            {
                Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, Optimizer = new() { Kind = OptimizerKind.Sgd }, Initialization = new() { EmbeddingStandardDeviation = 0.06f },
            },
            Options = Plain.Training with { BatchSize = 16, Epochs = 15, Schedule = LearningRateSchedule.Constant(0.02f) },
        });
        Assert.Equal(0, finding.Evidence["class"]);
    }

    [Fact]
    public void Diagnose_UnclippedRectifiers_FindsDivergence()
    {
        Patient patient = new()
        {
            Data = SampleData.Noise(320, 20, x => x.Sum()),
            Network = Small with { Cell = CellKind.RnnRelu },
            Engine = Plain.Engine with { Optimizer = new() { Kind = OptimizerKind.Sgd } },
            Options = Plain.Training with { BatchSize = 16, Epochs = 5, Schedule = LearningRateSchedule.Constant(1) },
        };
        Finding finding = Find(FindingCode.Diverged, patient);
        Assert.InRange(finding.Evidence["step"], 1, 100);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains("ClipNorm", finding.Advice);
        Assert.Contains("LearningRate to 0.1", Find(FindingCode.Diverged, patient with { Engine = patient.Engine with { ClipNorm = 1e30f } }).Advice);
    }

    [Fact]
    public void Diagnose_InputsNotFinite_AreTheCauseOfDivergence()
    {
        float[] window = [1, 2, 3];
        int example = 0;
        Finding finding = Find(FindingCode.Diverged, new()
        {
            Data = SampleData.Numbers(64, 1, 1, () => (example++ == 40 ? [1, float.NaN, 3] : window, [1])),
            Network = Small,
        });
        Assert.Equal(1, finding.Evidence["values not finite in the data"]);
        Assert.Contains("NaN", finding.Advice);
    }

    [Fact]
    public void Diagnose_LargeRecurrentWeights_FindsExplodingGradients()
    {
        Finding finding = Find(FindingCode.ExplodingGradients, new()
        {
            Data = SampleData.Noise(160, 15, x => x[0], size: 0.001f),
            Network = Small with { Cell = CellKind.RnnTanh },
            Engine = Plain.Engine with { Initialization = new() { Recurrent = Initialization.Uniform, UniformScale = 1 } },
            Options = Plain.Training with { BatchSize = 16, Epochs = 3, Schedule = LearningRateSchedule.Constant(0.0001f) },
        });
        Assert.True(finding.Evidence["gradient norm 14 steps back"] > 100 * finding.Evidence["gradient norm 0 steps back"]);
        Assert.Contains("ClipNorm", finding.Advice);
    }

    [Fact]
    public void Diagnose_SmallRecurrentWeights_FindsVanishingGradients()
    {
        Finding finding = Find(FindingCode.VanishingGradients, new()
        {
            Data = SampleData.Noise(320, 30, x => x[0] * x[1]),
            Network = Small with { Cell = CellKind.RnnTanh },
            Engine = Plain.Engine with { Initialization = new() { Recurrent = Initialization.Uniform, UniformScale = 0.1f }, ClipNorm = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 10, Schedule = LearningRateSchedule.Constant(0.003f) },
        });
        Assert.InRange(finding.Evidence["steps back reached"], 1, 15);
    }

    [Fact]
    public void Diagnose_LearningRateFarTooHigh_IsFound()
    {
        Patient patient = new()
        {
            Data = SampleData.Sines(320),
            Network = Small,
            Engine = Plain.Engine,
            Options = Plain.Training with { BatchSize = 16, Epochs = 15, Schedule = LearningRateSchedule.Constant(2) },
        };
        NetworkDiagnosis diagnosis = Diagnose(patient);
        Assert.Contains("Lower LearningRate from 2 to 0.2", diagnosis[FindingCode.LearningRateTooHigh]!.Advice);
        Assert.InRange(diagnosis[FindingCode.SaturatedGates]!.Evidence["output gate: saturated"], 0.7, 1);
    }

    [Fact]
    public void Diagnose_LearningRateFarTooLow_IsFound()
    {
        Finding finding = Find(FindingCode.LearningRateTooLow, new()
        {
            Data = SampleData.Sines(320),
            Network = Small,
            Options = Plain.Training with { BatchSize = 16, Epochs = 15, Schedule = LearningRateSchedule.Constant(5e-6f) },
        });
        Assert.InRange(finding.Evidence["change of the weights"], 1e-5, 0.02);
        Assert.Contains("Raise LearningRate from 5E-06 to 5E-05", finding.Advice);
    }

    [Fact]
    public void Diagnose_LossFallsInAStraightLine_FindsLearningRateTooLow()
    {
        Finding finding = Find(FindingCode.LearningRateTooLow, new()
        {
            Data = SampleData.Sines(320),
            Network = Small,
            Options = Plain.Training with { BatchSize = 16, Epochs = 12, Schedule = LearningRateSchedule.Constant(2e-4f) },
        });
        Assert.Contains("straight line", finding.Message);
    }

    [Fact]
    public void Diagnose_InputsInTheHundreds_FindsSaturatedGates()
    {
        Patient patient = new() { Data = SampleData.Noise(160, 6, x => x.Sum() / 1000, size: 500), Network = Small };
        NetworkDiagnosis diagnosis = Diagnose(patient);
        Assert.InRange(diagnosis[FindingCode.SaturatedGates]!.Evidence["input gate: saturated"], 0.7, 1);
        Assert.Contains("Scale the features", diagnosis[FindingCode.SaturatedGates]!.Advice);
        Assert.Equal(500, diagnosis[FindingCode.UnscaledInputs]!.Evidence["largest size"], 30.0);
    }

    [Fact]
    public void Diagnose_LargeSteps_FindsDeadRectifiers()
    {
        Finding finding = Find(FindingCode.DeadRectifiers, new()
        {
            Data = SampleData.Noise(320, 6, x => -10 - Math.Abs(x[0])),
            Network = Small with { Cell = CellKind.RnnRelu },
            Options = Plain.Training with { BatchSize = 16, Epochs = 10, Schedule = LearningRateSchedule.Constant(0.5f) },
        });
        Assert.InRange(finding.Evidence["dead units"], 8, 16);
    }

    [Fact]
    public void Diagnose_Sum_FindsOrderIrrelevant()
    {
        Finding finding = Find(FindingCode.OrderIrrelevant, new() { Data = SampleData.Noise(320, 4, x => x.Sum() / 2), Network = Small });
        Assert.True(finding.Evidence["loss with steps shuffled"] < 0.1 * finding.Evidence["loss of the best constant"]);
    }

    [Fact]
    public void Diagnose_ParityLearned_FindsOrderIrrelevantAlone()
    {
        NetworkDiagnosis diagnosis = Diagnose(new()
        {
            Data = SampleData.Parity(4),
            Network = new() { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [16], OutputSize = 2 },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, ClipNorm = 1 },
            Options = Plain.Training with { BatchSize = 4, Epochs = 150, Schedule = LearningRateSchedule.Constant(0.03f) },
        });
        Assert.Equal([FindingCode.OrderIrrelevant], diagnosis.Findings.Select(f => f.Code));
        Assert.Equal(FindingSeverity.Information, diagnosis.Findings[0].Severity);
    }

    [Fact]
    public void Diagnose_ManyUnitsFewExamples_FindsOverfitting()
    {
        var random = new RandomStream(8UL);
        Patient patient = new()
        {
            Data = SampleData.Noise(48, 6, x => x[5] + (float)random.NextGaussian()),
            Validation = SampleData.Noise(64, 6, x => x[5] + (float)random.NextGaussian(), seed: 99),
            Network = Small with { HiddenSizes = [24] },
            Options = Plain.Training with { BatchSize = 16, Epochs = 60, Schedule = LearningRateSchedule.Constant(0.01f) },
        };
        NetworkDiagnosis diagnosis = Diagnose(patient);
        Assert.Equal(FindingSeverity.Information, diagnosis[FindingCode.Overfitting]!.Severity);
        Assert.Equal(FindingSeverity.Warning, Find(FindingCode.Overfitting, patient with { Options = patient.Options with { RestoreBestWeights = false } }).Severity);
        Finding few = diagnosis[FindingCode.TooLittleData]!;
        Assert.Equal(48, few.Evidence["target values"]);
        Assert.Equal((4 * 24 * (1 + 24 + 2)) + 25, few.Evidence["parameters"]);
    }

    private Finding Find(FindingCode code, Patient patient) => Assert.Single(Diagnose(patient).Findings, finding => finding.Code == code);

    private NetworkDiagnosis Diagnose(Patient patient)
    {
        var (diagnosis, told) = patient.Train();
        output.WriteLine(diagnosis.ToString());
        // All of it was told while training, nothing twice.
        Assert.Subset(told.Select(finding => finding.Code).ToHashSet(), diagnosis.Findings.Select(finding => finding.Code).ToHashSet());
        Assert.Equal(told.Count, told.Select(finding => finding.Code).Distinct().Count());
        return diagnosis;
    }
}
