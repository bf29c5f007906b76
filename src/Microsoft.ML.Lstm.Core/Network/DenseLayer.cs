using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>Y = X·Wᵀ + b for X [R, K]; backward dX = dY·W, dW += dYᵀ·X, db += Σ dY.</summary>
internal sealed unsafe class DenseLayer
{
    private readonly DenseWeights _weights;
    private readonly WorkerTeam _team;
    private readonly Action<int, int> _forward, _inputGradient, _weightGradient;
    private readonly FloatBuffer _output = new(), _dInput = new();
    private float* _x, _dOutput, _gradients;
    private nint _xRow;
    private int _rows;

    public DenseLayer(DenseWeights weights, WorkerTeam team)
    {
        (_weights, _team) = (weights, team);
        (_forward, _inputGradient, _weightGradient) = (RunForward, RunInputGradient, RunWeightGradient);
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
        _team.Run(_forward, Work);
    }

    /// <summary>From dY, laid out as Y is. <paramref name="needsInput"/>: whether dX is wanted.</summary>
    public void Backward(float* dOutput, float* gradients, bool needsInput = true)
    {
        _dOutput = dOutput;
        _gradients = gradients;
        if (needsInput)
        {
            _dInput.Reserve(_rows * DInputRow);
            _team.Run(_inputGradient, Work);
        }
        _team.Run(_weightGradient, Work);
    }

    /// <summary>Multiply-adds over the width of a vector: the product's time in moved floats.</summary>
    private long Work => (long)_rows * _weights.InputSize * _weights.OutputSize / 16;

    private void RunForward(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Gemm.Panels(_weights.OutputSize), worker, workers);
        for (int panel = start; panel < end; panel++)
        {
            float* to = Output + (panel * Gemm.PanelWidth);
            RowMath.CopyRows(_weights.Bias + (panel * Gemm.PanelWidth), 0, to, OutputRow, _rows, Gemm.PanelWidth);
            Gemm.Panels(panel, panel + 1, _rows, _x, _xRow, _weights.Panels, _weights.InputSize, Output, OutputRow, accumulate: true);
        }
    }

    private void RunInputGradient(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Gemm.Panels(_weights.InputSize), worker, workers);
        Gemm.Panels(start, end, _rows, _dOutput, OutputRow, _weights.BackPanels, _weights.OutputSize, DInput, DInputRow, accumulate: false);
    }

    private void RunWeightGradient(int worker, int workers) =>
        _weights.AddGradients(_dOutput, OutputRow, _x, _xRow, _rows, _gradients, worker, workers);
}
