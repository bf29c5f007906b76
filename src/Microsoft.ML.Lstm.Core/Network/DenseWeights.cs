using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>A linear layer's weights W [O, K] and b [O], packed for the kernels.</summary>
internal sealed unsafe class DenseWeights
{
    private readonly int _weightOffset, _biasOffset;
    private readonly FloatBuffer _bias;
    private readonly FloatBuffer? _back;

    public DenseWeights(ParameterSlice weight, ParameterSlice bias, bool forTraining, WeightPrecision precision)
    {
        (_weightOffset, _biasOffset) = (weight.Offset, bias.Offset);
        (OutputSize, InputSize) = (weight.Shape[0], weight.Shape[1]);
        Matrix = new PackedMatrix([.. Enumerable.Range(0, OutputRow).Select(column => column < OutputSize ? column : -1)], InputSize,
            precision);
        _bias = new FloatBuffer(OutputRow);
        if (forTraining)
            _back = new FloatBuffer((long)Gemm.Stride(InputSize) * OutputSize);
    }

    public int InputSize { get; }

    public int OutputSize { get; }

    /// <summary>Row stride of the outputs.</summary>
    public int OutputRow => Gemm.Stride(OutputSize);

    /// <summary>W in panels for the forward pass.</summary>
    public PackedMatrix Matrix { get; }

    /// <summary>W in panels.</summary>
    public float* BackPanels => _back!.Pointer;

    public float* Bias => _bias.Pointer;

    public void Pack(float* block, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Gemm.Panels(OutputSize), worker, workers);
        Matrix.Pack(block + _weightOffset, start, end);
        if (worker == 0)
            new ReadOnlySpan<float>(block + _biasOffset, OutputSize).CopyTo(_bias.Span);
        if (_back is null)
            return;
        (start, end) = WorkerTeam.Share(Gemm.Panels(InputSize), worker, workers);
        for (int panel = start; panel < end; panel++)
            Packing.Panel(panel, block + _weightOffset, OutputSize, InputSize, BackPanels + ((nint)panel * OutputSize * Gemm.PanelWidth));
    }

    /// <summary>Writes W to where it lies in the whole block.</summary>
    public void Unpack(float* block) => Matrix.Unpack(block + _weightOffset);

    /// <summary>A worker's share of dW += dYᵀ·X and db += Σ dY.</summary>
    public void AddGradients(float* dY, nint dYRow, float* x, nint xRow, int rows, float* gradients, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(OutputSize, worker, workers, 12);
        Gemm.AddTransposed(start, end, InputSize, rows, dY, dYRow, x, xRow, gradients + _weightOffset, InputSize);
        RowMath.AddColumnSums(dY + start, dYRow, rows, gradients + _biasOffset + start, end - start);
    }
}
