using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

/// <summary>A cancellation is looked for before each job, so jobs must not grow with the batch: one of 300,000 steps is stopped as soon as one of 20,000.</summary>
public sealed unsafe class JobSizeTests
{
    private const int MostRows = 16_384, Rows = 3 * MostRows;

    private static readonly NetworkSpec s_spec = new() { InputSize = 1, HiddenSizes = [2], OutputSize = 1, Output = OutputPosition.EveryStep };

    public static TheoryData<string, NetworkSpec> Networks => new()
    {
        { "LSTM", s_spec },
        { "GRU", s_spec with { Cell = CellKind.Gru } },
        { "RNN, both ways", s_spec with { Cell = CellKind.RnnTanh, Bidirectional = true } },
        { "LSTM with normalisation", s_spec with { LayerNormalization = true } },
        { "LSTM in two layers", s_spec with { HiddenSizes = [2, 2] } },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Pass_LongBatch_IsCutIntoJobs(string what, NetworkSpec spec)
    {
        (long forward, long backward) = Jobs(spec, 1, Rows);

        int loops = spec.HiddenSizes.Count * spec.Directions, dense = spec.Output == OutputPosition.EveryStep ? 1 : 0;
        Assert.True(forward >= 3 * (loops + dense), $"{what}: {forward} jobs forward");
        // The time loop and the weights' gradients; of the output layer the input's gradients and the weights'.
        Assert.True(backward >= 3 * 2 * (loops + dense), $"{what}: {backward} jobs backward");
    }

    [Fact]
    public void Pass_ManySequences_IsCutIntoJobs()
    {
        (long forward, long backward) = Jobs(s_spec, 4096, 12);

        Assert.True(forward >= 6, $"{forward} jobs forward");
        Assert.True(backward >= 12, $"{backward} jobs backward");
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void TrainStep_CancelledBefore_DoesNotUpdate(string what, NetworkSpec spec)
    {
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        var batch = new SequenceBatch();
        batch.Reset([20], spec.InputSize, targetSize: 1, targetEveryStep: spec.Output == OutputPosition.EveryStep);

        Assert.Throws<OperationCanceledException>(() => engine.TrainStep(batch, 0.1f, new CancellationToken(canceled: true)));

        Assert.True(engine.UpdateCount == 0, what);
    }

    private static (long Forward, long Backward) Jobs(NetworkSpec spec, int sequences, int steps)
    {
        using var team = new WorkerTeam(1);
        var layout = new ParameterLayout(spec);
        var weights = new NetworkWeights(spec, layout, forTraining: true);
        weights.Pack(team);
        var gradients = new FloatBuffer(layout.BlockLength);
        INetwork network = INetwork.Create(weights, team);
        var batch = new SequenceBatch();
        batch.Reset([.. Enumerable.Repeat(steps, sequences)], spec.InputSize);
        long before = team.JobCount;
        network.Forward(batch, PassKind.Train, null, DropoutPlan.None);
        long between = team.JobCount;
        network.Backward(gradients.Pointer, freezeEmbedding: false);
        return (between - before, team.JobCount - between);
    }
}
