using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Network;

/// <summary>Moves rows of packed batches between buffers, and drops values on the way, on all workers.</summary>
internal sealed unsafe class RowTransfer
{
    private readonly WorkerTeam _team;
    private readonly Action<int, int> _drop;
    private Dropout _dropout;
    private float* _values;
    private nint _row;
    private int _rows, _count;

    public RowTransfer(WorkerTeam team)
    {
        _team = team;
        _drop = RunDrop;
    }

    /// <summary>Applies a dropout mask in place; forward on values, backward on their gradients.</summary>
    public void Drop(in Dropout dropout, float* values, nint row, int rows, int count)
    {
        if (!dropout.IsActive)
            return;
        _dropout = dropout;
        _values = values;
        _row = row;
        _rows = rows;
        _count = count;
        _team.Run(_drop, (long)rows * count);
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

    private void RunDrop(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_rows, worker, workers);
        for (int row = start; row < end; row++)
            _dropout.Apply(row, _values + (row * _row), _count);
    }
}
