using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>Factors rounded to bfloat16: near float32, not equal to it, and what is kept is float32.</summary>
public sealed class TorchPrecisionTests
{
    // 8 significant bits, a few roundings on the way from input to output.
    private const double Tolerance = 0.03;

    public static TheoryData<int?, CellKind, bool, int> Networks
    {
        get
        {
            var networks = new TheoryData<int?, CellKind, bool, int>();
            foreach (int? gpu in Devices.Ids)
                foreach (CellKind cell in Enum.GetValues<CellKind>())
                    foreach (bool bidirectional in (bool[])[false, true])
                        // Sequences of one length, and packed ones.
                        foreach (int longest in (int[])[1, 6])
                            networks.Add(gpu, cell, bidirectional, longest);
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void ComputeGradient_InBFloat16_IsNearFloat32AndNotEqual(int? gpu, CellKind cell, bool bidirectional, int longest)
    {
        var request = new EngineRequest(new() { Cell = cell, InputSize = 2, HiddenSizes = [8, 8, 5], OutputSize = 1, Bidirectional = bidirectional }, Plain.Engine with { Threads = 1 }) { GpuDeviceId = gpu };
        using ITrainingEngine exact = Create(TorchPrecision.Float32, request), rounded = Create(TorchPrecision.BFloat16, request);
        rounded.ImportWeights(exact.Weights());
        SequenceBatch batch = Batch(TrainingData.Linear(16, longest: longest));
        (float[] expected, float[] found) = (new float[exact.Parameters.BlockLength], new float[exact.Parameters.BlockLength]);

        double loss = exact.ComputeGradient(batch, expected).Mean, near = rounded.ComputeGradient(batch, found).Mean;

        Assert.Equal(exact.Weights(), rounded.Weights());
        Assert.NotEqual(expected, found);
        Assert.Equal(loss, near, Tolerance * loss);
        // Where a ReLU is near 0, rounding decides whether it passes anything on.
        double tolerance = cell == CellKind.RnnRelu ? 5 * Tolerance : Tolerance;
        double norm = Math.Sqrt(expected.Sum(g => (double)g * g)), difference = Math.Sqrt(expected.Zip(found, (a, b) => Math.Pow(a - b, 2)).Sum());
        Assert.True(difference < tolerance * norm, Invariant($"The gradients differ by {difference:G3}; expected less than {tolerance} of {norm:G3}."));
    }

    [Theory]
    [MemberData(nameof(Devices.All), MemberType = typeof(Devices))]
    public void TrainStep_InBFloat16_LearnsAsInFloat32(int? gpu)
    {
        var request = new EngineRequest(new() { InputSize = 2, HiddenSizes = [8], OutputSize = 1 }, Plain.Engine with { Threads = 1 }) { GpuDeviceId = gpu };
        SequenceBatch batch = Batch(TrainingData.Linear(64, longest: 6));
        double[] losses = [.. ((TorchPrecision[])[TorchPrecision.Float32, TorchPrecision.BFloat16]).Select(precision =>
        {
            using ITrainingEngine engine = Create(precision, request);
            for (int i = 0; i < 200; i++)
                engine.Step(batch, 0.01f);
            return engine.Evaluate(batch).Mean;
        })];

        using ITrainingEngine untrained = Create(TorchPrecision.Float32, request);
        double gained = untrained.Evaluate(batch).Mean - losses[0];
        Assert.True(gained > 0);
        Assert.Equal(losses[0], losses[1], Tolerance * gained);
    }

    [Fact]
    public void Create_UndefinedPrecision_NamesTheOption()
    {
        var engine = new TorchTrainingEngine { Precision = (TorchPrecision)9 };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => engine.Create(new(new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1 }, Plain.Engine)));

        Assert.Contains("Precision", error.Message);
        Assert.Contains("9", error.Message);
    }

    private static ITrainingEngine Create(TorchPrecision precision, EngineRequest request) => new TorchTrainingEngine { Precision = precision }.Create(request);

    private static SequenceBatch Batch(SequenceDataset data)
    {
        var batch = new SequenceBatch();
        data.Fill(batch, [.. Enumerable.Range(0, data.Count)]);
        return batch;
    }
}
