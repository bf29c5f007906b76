using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Xunit.Abstractions;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>Trainings that go well: nothing may be found, at the end or on the way.</summary>
public class HealthyTrainingTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<Patient>> Patients = new()
    {
        ["LSTM, sines, validation"] = () => new()
        {
            Data = SampleData.Sines(320),
            Network = new() { InputSize = 1, HiddenSizes = [16], OutputSize = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 20, ValidationFraction = 0.2, Patience = 5, Schedule = LearningRateSchedule.OneCycle(0.02f) },
        },
        ["LSTM, noisy series"] = () => new()
        {
            Data = SampleData.Autoregression(400),
            Network = new() { InputSize = 1, HiddenSizes = [8], OutputSize = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 15, ValidationFraction = 0.2, Schedule = LearningRateSchedule.Constant(0.005f) },
        },
        ["LSTM, noisy series, three quantiles"] = () => new()
        {
            Data = SampleData.Autoregression(400),
            Network = new() { InputSize = 1, HiddenSizes = [8], OutputSize = 3 },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.9f] }, ClipNorm = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 15, Schedule = LearningRateSchedule.Constant(0.01f) },
        },
        ["LSTM, ragged tokens, which comes last"] = () => new()
        {
            Data = SampleData.Tokens(320, 4, 7, 6, tokens => Array.LastIndexOf(tokens, 0) > Array.LastIndexOf(tokens, 1) ? 1 : 0),
            Network = new() { VocabularySize = 6, EmbeddingSize = 8, HiddenSizes = [16], OutputSize = 2 },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, ClipNorm = 1, Regularization = new() { OutputDropout = 0.1f } },
        },
        ["GRU, a class for each step: the token before"] = () => new()
        {
            Data = SampleData.Tags(200, 5, 9, 5, (tokens, t) => t == 0 ? -1 : tokens[t - 1]),
            Network = new() { Cell = CellKind.Gru, VocabularySize = 5, EmbeddingSize = 8, HiddenSizes = [16], OutputSize = 5, Output = OutputPosition.EveryStep },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, ClipNorm = 1 },
        },
        ["bidirectional LSTM of two layers, a class for each step: whether the neighbours are equal"] = () => new()
        {
            Data = SampleData.Tags(160, 5, 8, 3, (tokens, t) => t > 0 && t + 1 < tokens.Length && tokens[t - 1] == tokens[t + 1] ? 1 : 0),
            Network = new()
            {
                VocabularySize = 3, EmbeddingSize = 6, HiddenSizes = [8, 8], Bidirectional = true, OutputSize = 2, Output = OutputPosition.EveryStep,
            },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.SoftmaxCrossEntropy }, ClipNorm = 1 },
        },
        ["rectifier RNN, last minus first"] = () => new()
        {
            Data = SampleData.Noise(400, 6, x => x[^1] - (0.5f * x[0])),
            Network = new() { Cell = CellKind.RnnRelu, InputSize = 1, HiddenSizes = [16], OutputSize = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 20, Schedule = LearningRateSchedule.OneCycle(0.01f) },
        },
        ["tanh RNN, one stream, state carried"] = () => new()
        {
            Data = TrainingData.Stream(1000),
            Network = new() { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [12], OutputSize = 1, Output = OutputPosition.EveryStep },
            Engine = Plain.Engine with { Stateful = true, ClipNorm = 1 },
            Options = Plain.Training with { Order = BatchOrderKind.Streams, BatchSize = 4, ChunkSteps = 20, Epochs = 30, ValidationFraction = 0.1, Schedule = LearningRateSchedule.Constant(0.01f) },
        },
        ["layer-normalised LSTM, binary label: rising or falling"] = () => new()
        {
            Data = SampleData.Noise(320, 4, x => x[^1] > x[0] ? 1 : 0),
            Network = new() { InputSize = 1, HiddenSizes = [8], OutputSize = 1, LayerNormalization = true },
            Engine = Plain.Engine with { Loss = new() { Kind = LossKind.BinaryCrossEntropy }, ClipNorm = 1 },
        },
        ["LSTM, plain gradient descent with momentum"] = () => new()
        {
            Data = SampleData.Sines(320),
            Network = new() { InputSize = 1, HiddenSizes = [16], OutputSize = 1 },
            Engine = Plain.Engine with { Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0.9f } },
            Options = Plain.Training with { BatchSize = 16, Epochs = 20, Schedule = LearningRateSchedule.Constant(0.05f) },
        },
        ["LSTM, periodic characters as numbers, the window a whole period"] = () => new()
        {
            Data = Periodic(13),
            Network = new() { InputSize = 1, HiddenSizes = [16], OutputSize = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 25, Schedule = LearningRateSchedule.OneCycle(0.02f) },
        },
        ["LSTM, a random walk's next value"] = () => new()
        {
            Data = SampleData.Autoregression(400, memory: 0.999, seed: 9),
            Network = new() { InputSize = 1, HiddenSizes = [8], OutputSize = 1 },
            Options = Plain.Training with { BatchSize = 16, Epochs = 20, Schedule = LearningRateSchedule.Constant(0.01f) },
        },
    };

    public static TheoryData<string> Names => [.. Patients.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Diagnose_HealthyTraining_FindsNothing(string name)
    {
        var (diagnosis, told) = Patients[name]().Train();
        output.WriteLine(diagnosis.ToString());
        Assert.Empty(diagnosis.Findings);
        Assert.Empty(told);
        Assert.True(diagnosis.IsHealthy);
    }

    private static SequenceDataset Periodic(int steps)
    {
        int start = 0;
        return SampleData.Numbers(240, 1, 1, () =>
        {
            start++;
            return ([.. Enumerable.Range(start, steps).Select(t => Code(t))], [Code(start + steps)]);
        });

        static float Code(int t) => ((t % 12) - 5.5f) / 3.45f;
    }
}
