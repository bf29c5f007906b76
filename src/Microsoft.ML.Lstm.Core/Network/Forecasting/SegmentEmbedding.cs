using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// e = max(0, x·Wᵀ + b) of every segment, x [N, w·F], e [N, D]; backward dW += (dE ⊙ [e &gt; 0])ᵀ·X. Kept for the backward pass: e.
/// </summary>
internal sealed unsafe class SegmentEmbedding
{
    private readonly DenseLayer _dense;
    private readonly WorkerTeam _team;
    private readonly Action<int, int> _rectify, _mask;
    private float* _dOutput;
    private int _rows;

    public SegmentEmbedding(DenseWeights weights, WorkerTeam team)
    {
        (_dense, _team) = (new DenseLayer(weights, team), team);
        (_rectify, _mask) = (Rectify, Mask);
    }

    /// <summary>e, [N, stride].</summary>
    public float* Output => _dense.Output;

    public nint OutputRow => _dense.OutputRow;

    public void Forward(float* x, nint xRow, int rows)
    {
        _rows = rows;
        _dense.Forward(x, xRow, rows);
        _team.Run(_rectify, rows * OutputRow);
    }

    /// <summary>From ∂loss/∂e, laid out as e is, which is overwritten.</summary>
    public void Backward(float* dOutput, float* gradients)
    {
        _dOutput = dOutput;
        _team.Run(_mask, _rows * OutputRow);
        _dense.Backward(dOutput, gradients, needsInput: false);
    }

    private void Rectify(int worker, int workers)
    {
        (nint start, nint end) = ShareValues(worker, workers);
        RowMath.Rectify(Output + start, (int)(end - start));
    }

    private void Mask(int worker, int workers)
    {
        (nint start, nint end) = ShareValues(worker, workers);
        RowMath.ZeroWhereZero(Output + start, _dOutput + start, (int)(end - start));
    }

    private (nint Start, nint End) ShareValues(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_rows, worker, workers);
        return (start * OutputRow, end * OutputRow);
    }
}
