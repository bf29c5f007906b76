using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// One step of the recurrent layers for each segment of the horizon, all segments at once and each from the encoder's final state:
/// <code>
///   h[k] = cell_k(h[k−1], final state of encoder layer k),   h[−1] = u                    rows p·M + m, [B·M, units]
/// </code>
/// </summary>
internal sealed unsafe class SegmentDecoder
{
    private readonly int _segments;
    private readonly DecoderInput _input;
    private readonly EmbeddingGates _embedded;
    private readonly DecoderLayer[] _layers;
    private readonly Dropout[] _dropouts;
    private readonly RowTransfer _transfer;
    private readonly FloatBuffer[] _outputs, _dInputs;
    private int _rows;

    public SegmentDecoder(ForecastWeights weights, DecoderInput input, WorkerTeam team, RowTransfer transfer)
    {
        (_segments, _input, _transfer) = (weights.Spec.SegmentCount, input, transfer);
        _embedded = new EmbeddingGates(input, weights.Decoder[0], _segments, team);
        _layers = [.. weights.Decoder.Select((layer, i) => new DecoderLayer(layer, _segments, i == 0 ? _embedded : null, team, transfer))];
        _dropouts = new Dropout[_layers.Length];
        (_outputs, _dInputs) = (Buffers(), Buffers());

        FloatBuffer[] Buffers() => [.. _layers.Select(_ => new FloatBuffer())];
    }

    /// <summary>The last layer's h, [B·M, <see cref="OutputRow"/>].</summary>
    public float* Output => _layers[^1].Output;

    public nint OutputRow => _layers[^1].StateRow;

    /// <summary>∂loss/∂(encoder's final h) of a layer after <see cref="Backward"/>, [B, state row].</summary>
    public float* DFinalH(int layer) => _layers[layer].DStateH;

    /// <summary>∂loss/∂(encoder's final c) of a layer, null unless the cells are LSTM's.</summary>
    public float* DFinalC(int layer) => _layers[layer].DStateC;

    public void Forward(RecurrentLevel[] encoder, int sequences, PassKind pass, in DropoutPlan dropout)
    {
        _rows = sequences * _segments;
        float* x = _input.Covariates;
        nint xRow = _input.Row;
        for (int i = 0; i < _layers.Length; i++)
        {
            _layers[i].Begin(encoder[i], sequences, pass, dropout.DecoderRecurrent(i));
            _layers[i].Forward(x, xRow);
            x = _layers[i].Output;
            xRow = _layers[i].StateRow;
            _dropouts[i] = dropout.DecoderLayer(i);
            if (_dropouts[i].IsActive)
                x = Dropped(i);
        }
    }

    /// <summary>
    /// From ∂loss/∂h of the last layer, [B·M, stride], which may be overwritten. <paramref name="needsInput"/>: whether the gradients of
    /// covariates are wanted.
    /// </summary>
    public void Backward(float* dOutput, nint dOutputRow, float* gradients, bool needsInput)
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            LayerWeights weights = _layers[i].Weights;
            _transfer.Drop(_dropouts[i], dOutput, dOutputRow, _rows, weights.Units);
            nint dInputRow = Gemm.Stride(weights.InputSize);
            if (i > 0 || _input.Covariates != null)
                _dInputs[i].Reserve(_rows * dInputRow);
            _layers[i].Backward(dOutput, dOutputRow, _dInputs[i].Pointer, dInputRow, gradients);
            dOutput = _dInputs[i].Pointer;
            dOutputRow = dInputRow;
        }
        _input.Backward(_embedded.DEmbeddings, dOutput, gradients, needsInput);
    }

    private float* Dropped(int i)
    {
        DecoderLayer layer = _layers[i];
        _outputs[i].Reserve((long)_rows * layer.StateRow);
        RowMath.CopyRows(layer.Output, layer.StateRow, _outputs[i].Pointer, layer.StateRow, _rows, layer.Weights.Units);
        _transfer.Drop(_dropouts[i], _outputs[i].Pointer, layer.StateRow, _rows, layer.Weights.Units);
        return _outputs[i].Pointer;
    }
}
