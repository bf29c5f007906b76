using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using TorchSharp;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>A step leaves nothing behind: libtorch's memory is not the garbage collector's.</summary>
public sealed class LeakTests
{
    private const int Steps = 5000;
    private const long Allowed = 48L << 20;

    [Theory]
    [MemberData(nameof(Devices.All), MemberType = typeof(Devices))]
    public void TrainStep_FiveThousandTimes_LeavesNoTensorAndNoMemory(int? gpu)
    {
        using ITrainingEngine engine = new TorchTrainingEngine().Create(new(
            new() { InputSize = 2, HiddenSizes = [4, 3], OutputSize = 1, LearnedInitialState = true },
            Plain.Engine with { ClipNorm = 1, Threads = 1, Regularization = new() { LayerDropout = 0.1f, OutputDropout = 0.1f } }) { GpuDeviceId = gpu });
        SequenceDataset data = TrainingData.Linear(64, longest: 6);
        // Ragged and uniform: both ways through a module.
        SequenceBatch[] batches = [Batch(data, 0, 4), Batch(data, 5, 1)];
        Run(1000);
        (long tensors, long memory) = Measure();

        Run(Steps);

        (long tensorsAfter, long memoryAfter) = Measure();
        Assert.Equal(tensors, tensorsAfter);
        Assert.True(memoryAfter - memory < Allowed, Invariant($"Resident memory grew by {(memoryAfter - memory) >> 10} KiB in {Steps} steps; expected less than {Allowed >> 10}."));

        void Run(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                engine.Step(batches[i % batches.Length], 1e-3f);
                if (i % 100 == 0)
                    engine.Evaluate(batches[0]);
            }
        }
    }

    private static (long Tensors, long Memory) Measure()
    {
        // Aggressively: what the collector keeps at hand, which grows with the processor's caches, is no leak.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics, packed = DisposeScopeManager.Statistics.PackedSequenceStatistics;
        // A packed sequence that was sorted has two undefined tensors in the place of its indices, whose end TorchSharp does not count.
        return (tensors.ThreadTotalLiveCount - (2 * packed.CreatedInScopeCount) + packed.ThreadTotalLiveCount, Environment.WorkingSet);
    }

    private static SequenceBatch Batch(SequenceDataset data, int first, int count)
    {
        var batch = new SequenceBatch();
        data.Fill(batch, [.. Enumerable.Range(first, Math.Min(count, data.Count - first))]);
        return batch;
    }
}
