using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>Y = X·Wᵀ + b for X [R, K]; backward dX = dY·W, dW += dYᵀ·X, db += Σ dY.</summary>
internal sealed unsafe class DenseLayer
{
    private readonly DenseWeights _weights;
    private readonly WorkerTeam _team;
    private readonly FloatBuffer _output = new(), _dInput = new();
    private float* _x;
    private nint _xRow;
    private int _rows;

    public DenseLayer(DenseWeights weights, WorkerTeam team)
    {
        (_weights, _team) = (weights, team);
    }

    /// <summary>Y, [R, stride].</summary>
    public float* Output => _output.Pointer;

    public nint OutputRow => _weights.OutputRow;

    /// <summary>dX after <see cref="Backward"/>, [R, stride].</summary>
    public float* DInput => _dInput.Pointer;

    public nint DInputRow => Gemm.Stride(_weights.InputSize);

    public void Forward(float* x, nint xRow, int rows)
    {
        _x = x;
        _xRow = xRow;
        _rows = rows;
        _output.Reserve(rows * OutputRow);
        _team.Run(new ForwardJob(this), Work);
    }

    /// <summary>From dY, laid out as Y is. <paramref name="needsInput"/>: whether dX is wanted.</summary>
    public void Backward(float* dOutput, float* gradients, bool needsInput = true)
    {
        if (needsInput)
        {
            _dInput.Reserve(_rows * DInputRow);
            _team.Run(new InputGradientJob(this, dOutput), Work);
        }
        _team.Run(new WeightGradientJob(this, dOutput, gradients), Work);
    }

    /// <summary>Multiply-adds over the width of a vector: the product's time in moved floats.</summary>
    private long Work => (long)_rows * _weights.InputSize * _weights.OutputSize / 16;

    private readonly struct ForwardJob(DenseLayer layer) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            DenseWeights weights = layer._weights;
            (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.OutputSize), part, parts);
            for (int panel = start; panel < end; panel++)
            {
                float* to = layer.Output + ((nint)panel * Gemm.PanelWidth);
                RowMath.CopyRows(weights.Bias + ((nint)panel * Gemm.PanelWidth), 0, to, layer.OutputRow, layer._rows, Gemm.PanelWidth);
                Gemm.Panels(panel, panel + 1, layer._rows, layer._x, layer._xRow, weights.Panels, weights.InputSize, layer.Output, layer.OutputRow, accumulate: true);
            }
        }
    }

    private readonly struct InputGradientJob(DenseLayer layer, float* dOutput) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            DenseWeights weights = layer._weights;
            (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.InputSize), part, parts);
            Gemm.Panels(start, end, layer._rows, dOutput, layer.OutputRow, weights.BackPanels, weights.OutputSize, layer.DInput, layer.DInputRow, accumulate: false);
        }
    }

    private readonly struct WeightGradientJob(DenseLayer layer, float* dOutput, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) =>
            layer._weights.AddGradients(dOutput, layer.OutputRow, layer._x, layer._xRow, layer._rows, gradients, part, parts);
    }
}
