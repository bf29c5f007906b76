using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>Moves rows of packed batches between buffers, and drops values on the way, on all workers.</summary>
internal sealed unsafe class RowTransfer(WorkerTeam team)
{
    /// <summary>Applies a dropout mask in place; forward on values, backward on their gradients.</summary>
    public void Drop(in Dropout dropout, float* values, nint row, int rows, int count)
    {
        if (dropout.IsActive)
            team.Run(new DropJob(dropout, values, row, rows, count), (long)rows * count);
    }

    /// <summary>Copies every sequence with its steps in opposite order; twice is once back.</summary>
    public static void Reverse(SequenceBatch batch, float* from, nint fromRow, float* to, nint toRow, int count)
    {
        for (int t = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
            {
                int opposite = batch.Row(p, batch.Lengths[p] - 1 - t);
                RowMath.CopyRows(from + (opposite * fromRow), fromRow, to + (batch.Row(p, t) * toRow), toRow, 1, count);
            }
    }

    private readonly struct DropJob(Dropout dropout, float* values, nint valuesRow, int rows, int count) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = WorkerTeam.Share(rows, part, parts);
            for (int row = start; row < end; row++)
                dropout.Apply(row, values + (row * valuesRow), count);
        }
    }
}
