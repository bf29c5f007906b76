using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// The forecasting network (<see cref="ForecastSpec"/>): an encoder over segments of the past, a decoder that makes one step for each segment of the
/// horizon, all at once, and a linear skip. B sequences of up to T segments, N segments in all; w rows of F features in each; M segments of the
/// horizon; C targets, Q quantiles:
/// <code>
///   x        segments, row after row, as they stand in the batch                                    [N, w·F]
///   e      = max(0, x·W_sᵀ + b_s)              or x itself where segments are not embedded          [N, D]
///   s[k]   = final state of recurrent layer k over e                                                [B, units]
///   u      = (position[m] | series[id]) + W_c·(statics | futures) + b_c                             [B·M, D]
///   g      = one step of the layers from s over u, each segment by itself                           [B·M, top]
///   o      = drop(g)·W_oᵀ + b_o                                                                     [B·M, w·C·Q]
///   y      = o without what lies beyond the horizon + z·W_zᵀ + b_z, quantiles ordered on demand     [B, H·C·Q]
/// </code>
/// with z the last L values of a target. The decoder's cells are the encoder's where segments are embedded. Windows arrive normalised, and outputs are
/// un-normalised, outside. A first segment that is not full is zero before its first row; a shorter window is a shorter sequence. Kept for the backward
/// pass: what the layers keep.
/// </summary>
internal sealed unsafe class ForecastNetwork : INetwork
{
    private readonly NetworkWeights _weights;
    private readonly ForecastSpec _forecast;
    private readonly RowTransfer _transfer;
    private readonly InputLayer _input;
    private readonly SegmentEmbedding? _segment;
    private readonly RecurrentLevel[] _levels;
    private readonly DecoderInput _decoderInput;
    private readonly SegmentDecoder _decoder;
    private readonly DenseLayer _dense;
    private readonly LinearSkip? _skip;
    private readonly HorizonOutput _horizon;
    private readonly FloatBuffer _top = new();
    private readonly int _widestRow;
    private SequenceBatch _batch = null!;
    private Dropout _outputDropout;

    public ForecastNetwork(NetworkWeights weights, ForecastWeights forecast, WorkerTeam team)
    {
        (_weights, _forecast) = (weights, forecast.Spec);
        _transfer = new RowTransfer(team);
        _input = new InputLayer(weights, team, _transfer);
        _segment = forecast.Segment is null ? null : new SegmentEmbedding(forecast.Segment, team);
        _levels = [.. Enumerable.Range(0, Spec.HiddenSizes.Count).Select(i => new RecurrentLevel(weights, i, team, _transfer))];
        _decoderInput = new DecoderInput(forecast, team);
        _decoder = new SegmentDecoder(forecast, _decoderInput, team, _transfer);
        _dense = new DenseLayer(weights.Dense, team);
        _skip = forecast.Skip is null ? null : new LinearSkip(Spec, forecast.Skip, team);
        _horizon = new HorizonOutput(Spec, _dense, _skip, team);
        int[] widths = [Spec.InputSize, _forecast.DecoderSize, _forecast.CovariateSize, weights.Dense.OutputSize];
        _widestRow = Math.Max(Gemm.Stride(widths.Max()), Math.Max(weights.Layers.Max(layer => layer[0].Blocks.Columns), Gemm.Stride(Spec.HiddenSizes.Max())));
    }

    public NetworkSpec Spec => _weights.Spec;

    /// <summary>Whether the backward pass also leaves the gradients of what the network reads, for <see cref="CopyInputGradients"/>. Default: false; training has no use for them.</summary>
    public bool NeedsInputGradients { get; set; }

    public float* Output => _horizon.Output;

    public nint OutputRow => _horizon.OutputRow;

    public int OutputRows => _batch.SequenceCount;

    private int DecoderRows => _batch.SequenceCount * _forecast.SegmentCount;

    public void Forward(SequenceBatch batch, PassKind pass, NetworkState? state, in DropoutPlan dropout)
    {
        if (state is not null && _skip is not null)
            throw new InvalidOperationException(Invariant(
                $"{nameof(ForecastSpec.SkipLength)} is {_forecast.SkipLength}; expected 0 to continue from a carried state: the skip reads rows before it."));
        RequireRoom(batch);
        _batch = batch;
        _outputDropout = dropout.Output;
        Encode(batch, pass, state, dropout);
        _decoderInput.Forward(batch, _weights.Block, dropout.Series);
        _decoder.Forward(_levels, batch.SequenceCount, pass, dropout);
        if (_outputDropout.IsActive)
        {
            _top.Reserve(DecoderRows * _decoder.OutputRow);
            RowMath.CopyRows(_decoder.Output, _decoder.OutputRow, _top.Pointer, _decoder.OutputRow, DecoderRows, Spec.TopSize);
            _transfer.Drop(_outputDropout, _top.Pointer, _decoder.OutputRow, DecoderRows, Spec.TopSize);
        }
        _dense.Forward(_outputDropout.IsActive ? _top.Pointer : _decoder.Output, _decoder.OutputRow, DecoderRows);
        _skip?.Forward(batch);
        _horizon.Forward(batch.SequenceCount);
    }

    public void Backward(float* gradients, bool freezeEmbedding)
    {
        _horizon.Backward();
        _skip?.Backward(gradients, NeedsInputGradients);
        _dense.Backward(_dense.Output, gradients);
        _transfer.Drop(_outputDropout, _dense.DInput, _dense.DInputRow, DecoderRows, Spec.TopSize);
        _decoder.Backward(_dense.DInput, _dense.DInputRow, gradients, NeedsInputGradients);
        EncodeBackward(gradients);
    }

    /// <summary>Copies ∂loss/∂ features, statics and futures, each laid out as in the batch of the last backward pass, which <see cref="NeedsInputGradients"/> was set before.</summary>
    public void CopyInputGradients(Span<float> features, Span<float> statics, Span<float> futures)
    {
        float* d = _segment is null ? _levels[0].DInput : _segment.DInput;
        nint row = _segment is null ? _levels[0].DInputRow : _segment.DInputRow;
        fixed (float* to = features)
            RowMath.CopyRows(d, row, to, _batch.FeatureSize, _batch.RowCount, _batch.FeatureSize);
        _skip?.AddInputGradients(features);
        _decoderInput.CopyInputGradients(statics, futures);
    }

    public LayerTrace Trace(int layer, int direction) => _levels[layer].Trace(direction);

    public void CopyOutputs(Span<float> to)
    {
        if (to.Length < OutputRows * Spec.OutputSize)
            throw new ArgumentException(Invariant($"The outputs have room for {to.Length} values; expected {OutputRows * Spec.OutputSize}."), nameof(to));
        fixed (float* start = to)
            RowMath.CopyRows(Output, OutputRow, start, Spec.OutputSize, OutputRows, Spec.OutputSize);
    }

    private void RequireRoom(SequenceBatch batch)
    {
        long sequences = batch.SequenceCount;
        RecurrentNetwork.RequireRoom(batch, sequences + batch.RowCount, _widestRow);
        // One more: of embeddings there may be a row for each segment and one for each sequence.
        RecurrentNetwork.RequireRoom(batch, (sequences * _forecast.SegmentCount) + 1, _widestRow);
        RecurrentNetwork.RequireRoom(batch, sequences * _forecast.TargetCount, Gemm.Stride(Math.Max(_forecast.SkipLength, Spec.OutputSize)));
    }

    private void Encode(SequenceBatch batch, PassKind pass, NetworkState? state, in DropoutPlan dropout)
    {
        _input.Forward(batch, _weights.Block, dropout);
        float* x = _input.Output;
        nint xRow = _input.OutputRow;
        if (_segment is not null)
        {
            _segment.Forward(x, xRow, batch.RowCount);
            x = _segment.Output;
            xRow = _segment.OutputRow;
        }
        for (int i = 0; i < _levels.Length; i++)
        {
            _levels[i].Forward(batch, pass, everyStep: i < _levels.Length - 1, x, xRow, state, _weights.Block, dropout);
            x = _levels[i].Output;
            xRow = _levels[i].OutputRow;
        }
    }

    private void EncodeBackward(float* gradients)
    {
        int last = _levels.Length - 1;
        for (int i = last; i >= 0; i--)
        {
            bool needsInput = i > 0 || _segment is not null || NeedsInputGradients;
            // What lies above reads a layer at every step, but for the last, and the decoder its final state.
            _levels[i].SetFinalGradient(_decoder.DFinalH(i), _decoder.DFinalC(i));
            if (i == last)
                _levels[i].BackwardFromFinal(_batch, _decoder.DFinalH(i), _levels[i].StateRow, needsInput, gradients);
            else
                _levels[i].Backward(_batch, _levels[i + 1].DInput, _levels[i + 1].DInputRow, needsInput, gradients);
        }
        _segment?.Backward(_levels[0].DInput, gradients, NeedsInputGradients);
    }
}
