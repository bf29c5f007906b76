using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Takes a layer through the steps of a packed batch, forward or back, on all workers. The work is cut in one of two ways, neither of which changes
/// a bit: by sequences (no worker waits for another), or by blocks of units, when each worker had better keep a part of W_hh in its cache (one
/// barrier per step). A job is of at most <see cref="MostRows"/> rows, so that a cancellation does not wait for a long batch.
/// </summary>
internal sealed class TimeLoop(ITimeStep layer, GateBlocks blocks, WorkerTeam team)
{
    /// <summary>Rows of one job: some tens of milliseconds. A multiple of <see cref="Gemm.DepthBlock"/>, where a sum over rows may be cut without changing a bit.</summary>
    public const int MostRows = 16 * Gemm.DepthBlock;

    private ITimeStep Layer => layer;

    private WorkerTeam Team => team;

    /// <summary>Steps [first, last), in order.</summary>
    public void Forward(SequenceBatch batch, int first, int last, bool bySequence)
    {
        for (int end; first < last; first = end)
        {
            end = first + 1;
            while (end < last && batch.Offsets[end + 1] - batch.Offsets[first] <= MostRows)
                end++;
            Run(new ForwardJob(this, batch, first, end, bySequence), bySequence);
        }
    }

    /// <summary>Steps [first, last), from the last.</summary>
    public void Backward(SequenceBatch batch, int first, int last, bool bySequence)
    {
        for (int start; last > first; last = start)
        {
            start = last - 1;
            while (start > first && batch.Offsets[last] - batch.Offsets[start - 1] <= MostRows)
                start--;
            Run(new BackwardJob(this, batch, start, last, bySequence), bySequence);
        }
    }

    private void Run<T>(in T job, bool bySequence)
        where T : struct, IParallelJob
    {
        if (bySequence)
            team.Run(job);
        else
            team.RunTogether(job);
    }

    private static (int Start, int End) Sequences(SequenceBatch batch, bool bySequence, int part, int parts) =>
        bySequence ? WorkerTeam.Share(batch.SequenceCount, part, parts) : (0, batch.SequenceCount);

    /// <summary>A worker's blocks, cut where a panel of dh begins, so that it writes all of its own units' dh.</summary>
    private (int Start, int End) Blocks(bool bySequence, int part, int parts) =>
        bySequence ? (0, blocks.Count) : WorkerTeam.Share(blocks.Count, part, parts, Gemm.PanelWidth / blocks.BlockUnits);

    private readonly struct ForwardJob(TimeLoop loop, SequenceBatch batch, int first, int last, bool bySequence) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = Sequences(batch, bySequence, part, parts);
            (int firstBlock, int lastBlock) = loop.Blocks(bySequence, part, parts);
            for (int t = first; t < last; t++)
            {
                int sequences = Math.Min(end, batch.Rows(t)) - start;
                if (sequences > 0)
                    loop.Layer.ForwardStep(t, start, sequences, firstBlock, lastBlock);
                if (!bySequence)
                    loop.Team.Barrier();
            }
        }
    }

    private readonly struct BackwardJob(TimeLoop loop, SequenceBatch batch, int first, int last, bool bySequence) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = Sequences(batch, bySequence, part, parts);
            (int firstBlock, int lastBlock) = loop.Blocks(bySequence, part, parts);
            for (int t = last - 1; t >= first; t--)
            {
                int sequences = Math.Min(end, batch.Rows(t)) - start;
                if (sequences > 0)
                    loop.Layer.BackwardCells(t, start, sequences, firstBlock, lastBlock);
                // Each worker reads every gate's gradient below, but at the step before only the dh that it has written itself.
                if (!bySequence)
                    loop.Team.Barrier();
                if (sequences > 0)
                    loop.Layer.BackwardState(t, start, sequences, firstBlock, lastBlock);
            }
        }
    }
}
