using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>The network of input → recurrent levels → output layer, forward and backward. Buffers grow to the largest batch seen.</summary>
internal sealed unsafe class RecurrentNetwork : INetwork
{
    private readonly NetworkWeights _weights;
    private readonly RowTransfer _transfer;
    private readonly InputLayer _input;
    private readonly RecurrentLevel[] _levels;
    private readonly DenseLayer _dense;
    private readonly FloatBuffer _top = new();
    private readonly int _widestRow, _widestKeptRow;
    private SequenceBatch _batch = null!;
    private Dropout _outputDropout;

    public RecurrentNetwork(NetworkWeights weights, WorkerTeam team)
    {
        _weights = weights;
        _transfer = new RowTransfer(team);
        _input = new InputLayer(weights, team, _transfer);
        _levels = [.. Enumerable.Range(0, Spec.HiddenSizes.Count).Select(i => new RecurrentLevel(weights, i, team, _transfer))];
        _dense = new DenseLayer(weights.Dense, team);
        _widestRow = Gemm.Stride(Math.Max(Spec.StepSize, Spec.HiddenSizes.Max() * Spec.Directions));
        _widestKeptRow = Math.Max(_widestRow, weights.Layers.Max(layer => layer[0].Blocks.Columns));
    }

    public NetworkSpec Spec => _weights.Spec;

    public float* Output => _dense.Output;

    public nint OutputRow => _dense.OutputRow;

    public int OutputRows => EveryStep ? _batch.RowCount : _batch.SequenceCount;

    private bool EveryStep => Spec.Output == OutputPosition.EveryStep;

    public void Forward(SequenceBatch batch, PassKind pass, NetworkState? state, in DropoutPlan dropout)
    {
        RequireRoom(batch, pass);
        _batch = batch;
        _input.Forward(batch, _weights.Block, dropout);
        float* x = _input.Output;
        nint xRow = _input.OutputRow;
        for (int i = 0; i < _levels.Length; i++)
        {
            bool everyStep = EveryStep || i < _levels.Length - 1;
            _levels[i].Forward(batch, pass, everyStep, x, xRow, state, _weights.Block, dropout);
            x = _levels[i].Output;
            xRow = _levels[i].OutputRow;
        }
        _outputDropout = dropout.Output;
        if (!EveryStep || _outputDropout.IsActive)
        {
            CollectTop(x, xRow);
            x = _top.Pointer;
            xRow = TopRow;
        }
        _dense.Forward(x, xRow, OutputRows);
    }

    public void Backward(float* gradients, bool freezeEmbedding)
    {
        _dense.Backward(Output, gradients);
        float* d = _dense.DInput;
        nint dRow = _dense.DInputRow;
        _transfer.Drop(_outputDropout, d, dRow, OutputRows, Spec.TopSize);
        bool trainsEmbedding = Spec.VocabularySize > 0 && !freezeEmbedding;
        for (int i = _levels.Length - 1; i >= 0; i--)
        {
            bool needsInput = i > 0 || trainsEmbedding;
            if (!EveryStep && i == _levels.Length - 1)
                _levels[i].BackwardFromFinal(_batch, d, dRow, needsInput, gradients);
            else
                _levels[i].Backward(_batch, d, dRow, needsInput, gradients);
            d = _levels[i].DInput;
            dRow = _levels[i].DInputRow;
        }
        if (trainsEmbedding)
            _input.Backward(d, dRow, gradients);
    }

    public LayerTrace Trace(int layer, int direction) => _levels[layer].Trace(direction);

    public void CopyOutputs(Span<float> to)
    {
        if (to.Length < OutputRows * Spec.OutputSize)
            throw new ArgumentException(Invariant($"The outputs have room for {Plural.Of(to.Length, "value")}; expected {OutputRows * Spec.OutputSize}."), nameof(to));
        fixed (float* start = to)
            RowMath.CopyRows(Output, OutputRow, start, Spec.OutputSize, OutputRows, Spec.OutputSize);
    }

    /// <summary>Every activation buffer has at most B + N rows of the widest kind, or the outputs, so none of them can overflow beyond this point.</summary>
    private void RequireRoom(SequenceBatch batch, PassKind pass)
    {
        RequireRoom(batch, (long)batch.RowCount + batch.SequenceCount, pass == PassKind.Score ? _widestRow : _widestKeptRow);
        RequireRoom(batch, EveryStep ? batch.RowCount : batch.SequenceCount, OutputRow);
    }

    /// <exception cref="ArgumentException">No buffer can hold as many rows of that width.</exception>
    internal static void RequireRoom(SequenceBatch batch, long rows, long width)
    {
        if (rows > FloatBuffer.MaxLength / width)
            throw new ArgumentException(Invariant(
                $"The batch has {Plural.Of(batch.RowCount, "step")} in {Plural.Of(batch.SequenceCount, "sequence")}; expected fewer: one of this network's buffers would take {rows * width * sizeof(float) / 1e9:0.0} GB, more than an array holds."),
                nameof(batch));
    }

    private nint TopRow => Gemm.Stride(Spec.TopSize);

    /// <summary>What the output layer reads: the final states, or a copy of every step's output that dropout may change.</summary>
    private void CollectTop(float* output, nint outputRow)
    {
        _top.Reserve(OutputRows * TopRow);
        if (EveryStep)
            RowMath.CopyRows(output, outputRow, _top.Pointer, TopRow, OutputRows, Spec.TopSize);
        else
            _levels[^1].CopyFinal(_top.Pointer, TopRow);
        _transfer.Drop(_outputDropout, _top.Pointer, TopRow, OutputRows, Spec.TopSize);
    }
}
