using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// e = max(0, x·Wᵀ + b) of every segment, x [N, w·F], e [N, D]; backward dW += (dE ⊙ [e &gt; 0])ᵀ·X. Kept for the backward pass: e.
/// </summary>
internal sealed unsafe class SegmentEmbedding
{
    private readonly DenseLayer _dense;
    private readonly WorkerTeam _team;
    private int _rows;

    public SegmentEmbedding(DenseWeights weights, WorkerTeam team) => (_dense, _team) = (new DenseLayer(weights, team), team);

    /// <summary>e, [N, stride].</summary>
    public float* Output => _dense.Output;

    public nint OutputRow => _dense.OutputRow;

    public void Forward(float* x, nint xRow, int rows)
    {
        _rows = rows;
        _dense.Forward(x, xRow, rows);
        _team.Run(new RectifyJob(this), rows * OutputRow);
    }

    /// <summary>∂loss/∂x after <see cref="Backward"/>, if it was wanted: [N, stride].</summary>
    public float* DInput => _dense.DInput;

    public nint DInputRow => _dense.DInputRow;

    /// <summary>From ∂loss/∂e, laid out as e is, which is overwritten. <paramref name="needsInput"/>: whether ∂loss/∂x is wanted.</summary>
    public void Backward(float* dOutput, float* gradients, bool needsInput)
    {
        _team.Run(new MaskJob(this, dOutput), _rows * OutputRow);
        _dense.Backward(dOutput, gradients, needsInput);
    }

    private (nint Start, int Count) ShareValues(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_rows, part, parts);
        return (start * OutputRow, (int)((end - start) * OutputRow));
    }

    private readonly struct RectifyJob(SegmentEmbedding layer) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (nint start, int count) = layer.ShareValues(part, parts);
            RowMath.Rectify(layer.Output + start, count);
        }
    }

    private readonly struct MaskJob(SegmentEmbedding layer, float* dOutput) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (nint start, int count) = layer.ShareValues(part, parts);
            RowMath.ZeroWhereZero(layer.Output + start, dOutput + start, count);
        }
    }
}
