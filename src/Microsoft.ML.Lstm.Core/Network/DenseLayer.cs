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
        for (int first = 0; first < rows; first += TimeLoop.MostRows)
            _team.Run(new ForwardJob(this, first, Rows(first)), Work(first));
    }

    /// <summary>From dY, laid out as Y is. <paramref name="needsInput"/>: whether dX is wanted.</summary>
    public void Backward(float* dOutput, float* gradients, bool needsInput = true)
    {
        if (needsInput)
            _dInput.Reserve(_rows * DInputRow);
        for (int first = 0; first < _rows && needsInput; first += TimeLoop.MostRows)
            _team.Run(new InputGradientJob(this, first, Rows(first), dOutput), Work(first));
        for (int first = 0; first < _rows; first += TimeLoop.MostRows)
            _team.Run(new WeightGradientJob(this, first, Rows(first), dOutput, gradients), Work(first));
    }

    private int Rows(int first) => Math.Min(TimeLoop.MostRows, _rows - first);

    /// <summary>Multiply-adds of a job over the width of a vector: the product's time in moved floats.</summary>
    private long Work(int first) => (long)Rows(first) * _weights.InputSize * _weights.OutputSize / 16;

    private readonly struct ForwardJob(DenseLayer layer, int first, int rows) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            DenseWeights weights = layer._weights;
            float* x = layer._x + (first * layer._xRow), y = layer.Output + (first * layer.OutputRow);
            (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.OutputSize), part, parts);
            // A single row's products are faster over many panels at once.
            for (int together = rows == 1 ? Math.Max(1, end - start) : 1; start < end; start += together)
            {
                nint column = (nint)start * Gemm.PanelWidth;
                RowMath.CopyRows(weights.Bias + column, 0, y + column, layer.OutputRow, rows, together * Gemm.PanelWidth);
                Gemm.Panels(start, start + together, rows, x, layer._xRow, weights.Matrix, y, layer.OutputRow, accumulate: true);
            }
        }
    }

    private readonly struct InputGradientJob(DenseLayer layer, int first, int rows, float* dOutput) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            DenseWeights weights = layer._weights;
            (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.InputSize), part, parts);
            Gemm.Panels(start, end, weights.InputSize, rows, dOutput + (first * layer.OutputRow), layer.OutputRow, weights.BackPanels,
                weights.OutputSize,
                layer.DInput + (first * layer.DInputRow), layer.DInputRow, accumulate: false);
        }
    }

    private readonly struct WeightGradientJob(DenseLayer layer, int first, int rows, float* dOutput, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => layer._weights.AddGradients(
            dOutput + (first * layer.OutputRow), layer.OutputRow, layer._x + (first * layer._xRow), layer._xRow, rows, gradients,
                part, parts);
    }
}
