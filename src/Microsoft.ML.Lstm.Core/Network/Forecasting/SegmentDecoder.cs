using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// One step of the recurrent layers for each segment of the horizon, all segments at once and each from the encoder's final state:
/// <code>
///   h[k] = cell_k(h[k−1], final state of encoder layer k),   h[−1] = u                    rows p·M + m, [B·M, units]
/// </code>
/// To the layers it is a batch of B·M sequences of one step. Backward, the gradient of the encoder's final state is the sum over a sequence's segments.
/// </summary>
internal sealed unsafe class SegmentDecoder
{
    private readonly NetworkSpec _spec;
    private readonly int _segments;
    private readonly RecurrentLayer[] _layers;
    private readonly Dropout[] _dropouts;
    private readonly RowTransfer _transfer;
    private readonly FloatBuffer[] _outputs, _dInputs, _dFinalH, _dFinalC;
    private readonly FloatBuffer _finalH = new(), _finalC = new();
    private readonly SequenceBatch _steps = new();
    private int[] _lengths = [];
    private int _sequences;

    public SegmentDecoder(NetworkSpec spec, ForecastWeights weights, WorkerTeam team, RowTransfer transfer)
    {
        (_spec, _segments, _transfer) = (spec, weights.Spec.SegmentCount, transfer);
        _layers = [.. weights.Decoder.Select(layer => new RecurrentLayer(layer, team))];
        _dropouts = new Dropout[_layers.Length];
        (_outputs, _dInputs, _dFinalH, _dFinalC) = (Buffers(), Buffers(), Buffers(), Buffers());

        FloatBuffer[] Buffers() => [.. _layers.Select(_ => new FloatBuffer())];
    }

    /// <summary>The last layer's h, [B·M, <see cref="OutputRow"/>].</summary>
    public float* Output => _layers[^1].Output;

    public nint OutputRow => _layers[^1].StateRow;

    /// <summary>∂loss/∂u after <see cref="Backward"/>, in u's layout.</summary>
    public float* DInput => _dInputs[0].Pointer;

    /// <summary>∂loss/∂(encoder's final h) of a layer after <see cref="Backward"/>, [B, state row].</summary>
    public float* DFinalH(int layer) => _dFinalH[layer].Pointer;

    /// <summary>∂loss/∂(encoder's final c) of a layer, null unless the cells are LSTM's.</summary>
    public float* DFinalC(int layer) => HasCells ? _dFinalC[layer].Pointer : null;

    private bool HasCells => _spec.Cell == CellKind.Lstm;

    public void Forward(RecurrentLevel[] encoder, int sequences, float* u, nint uRow, PassKind pass, in DropoutPlan dropout)
    {
        LayOut(sequences);
        float* x = u;
        nint xRow = uRow;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Begin(_steps, pass);
            Begin(_layers[i], encoder[i]);
            _layers[i].SetRecurrentDropout(dropout.DecoderRecurrent(i));
            _layers[i].Forward(x, xRow);
            x = _layers[i].Output;
            xRow = _layers[i].StateRow;
            _dropouts[i] = dropout.DecoderLayer(i);
            if (_dropouts[i].IsActive)
                x = Dropped(i);
        }
    }

    /// <summary>From ∂loss/∂h of the last layer, [B·M, stride], which may be overwritten.</summary>
    public void Backward(float* dOutput, nint dOutputRow, float* gradients)
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            LayerWeights weights = _layers[i].Weights;
            _transfer.Drop(_dropouts[i], dOutput, dOutputRow, _steps.RowCount, weights.Units);
            nint dInputRow = Gemm.Stride(weights.InputSize);
            _dInputs[i].Reserve(_steps.RowCount * dInputRow);
            _layers[i].BackwardFromFinal(dOutput, dOutputRow, _dInputs[i].Pointer, dInputRow, gradients);
            SumSegments(_layers[i], _layers[i].DInitialH, _dFinalH[i]);
            if (HasCells)
                SumSegments(_layers[i], _layers[i].DInitialC, _dFinalC[i]);
            dOutput = _dInputs[i].Pointer;
            dOutputRow = dInputRow;
        }
    }

    private void LayOut(int sequences)
    {
        _sequences = sequences;
        int rows = checked(sequences * _segments);
        if (_lengths.Length < rows)
        {
            _lengths = new int[rows];
            Array.Fill(_lengths, 1);
        }
        if (_steps.SequenceCount != rows)
            _steps.Reset(_lengths.AsSpan(0, rows), featureSize: 0);
    }

    /// <summary>Every segment of a sequence begins in the encoder's final state.</summary>
    private void Begin(RecurrentLayer layer, RecurrentLevel encoder)
    {
        int row = layer.StateRow;
        _finalH.Reserve((long)_sequences * row);
        _finalC.Reserve((long)_sequences * row);
        encoder.CopyFinalState(_finalH.Pointer, _finalC.Pointer);
        for (int p = 0; p < _sequences; p++)
        {
            nint from = (nint)p * row, to = from * _segments;
            // A row stride of 0 reads the one final state for every segment.
            RowMath.CopyRows(_finalH.Pointer + from, 0, layer.InitialH + to, row, _segments, layer.Weights.Units);
            if (HasCells)
                RowMath.CopyRows(_finalC.Pointer + from, 0, layer.InitialC + to, row, _segments, layer.Weights.Units);
        }
    }

    private float* Dropped(int i)
    {
        RecurrentLayer layer = _layers[i];
        _outputs[i].Reserve((long)_steps.RowCount * layer.StateRow);
        RowMath.CopyRows(layer.Output, layer.StateRow, _outputs[i].Pointer, layer.StateRow, _steps.RowCount, layer.Weights.Units);
        _transfer.Drop(_dropouts[i], _outputs[i].Pointer, layer.StateRow, _steps.RowCount, layer.Weights.Units);
        return _outputs[i].Pointer;
    }

    private void SumSegments(RecurrentLayer layer, float* d, FloatBuffer sums)
    {
        int row = layer.StateRow;
        sums.Reserve((long)_sequences * row);
        new Span<float>(sums.Pointer, _sequences * row).Clear();
        for (int p = 0; p < _sequences; p++)
            RowMath.AddColumnSums(d + ((nint)p * _segments * row), row, _segments, sums.Pointer + ((nint)p * row), layer.Weights.Units);
    }
}
