using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// One level of the stack: a recurrent layer, or two that read the sequence in opposite directions. The backward-reading layer runs
/// forward over reversed sequences, so there is one time loop. Output: [N, H], or [N, 2H] with the forward half first.
/// </summary>
internal sealed unsafe class RecurrentLevel
{
    private readonly int _index;
    private readonly NetworkSpec _spec;
    private readonly ParameterLayout _layout;
    private readonly RowTransfer _transfer;
    private readonly IRecurrentLayer[] _directions;
    private readonly FloatBuffer _reversed = new(), _output = new(), _dReversed = new(), _dDirection = new(), _dInput = new();
    private Dropout _outputDropout;
    private bool _isCarried;

    public RecurrentLevel(NetworkWeights weights, int index, WorkerTeam team, RowTransfer transfer)
    {
        (_index, _spec, _layout, _transfer) = (index, weights.Spec, weights.Layout, transfer);
        _directions = [.. Enumerable.Range(0, _spec.Directions).Select(d => Create(weights, index, d, team))];
        InputSize = _spec.LayerInputSize(index);
        OutputSize = Units * _spec.Directions;
    }

    public int InputSize { get; }

    public int OutputSize { get; }

    /// <summary>Every step's output, after dropout: [N, stride].</summary>
    public float* Output { get; private set; }

    public nint OutputRow { get; private set; }

    /// <summary>∂loss/∂x after <see cref="Backward"/>: [N, stride].</summary>
    public float* DInput => _dInput.Pointer;

    public nint DInputRow => Gemm.Stride(InputSize);

    /// <summary>Row stride of a direction's state.</summary>
    public int StateRow => Forwards.StateRow;

    /// <summary>What a direction's last kept pass left behind; the backward-reading one's steps count from the sequence's end.</summary>
    public LayerTrace Trace(int direction) => _directions[direction].Trace;

    private int Units => _spec.HiddenSizes[_index];

    private IRecurrentLayer Forwards => _directions[0];

    private bool IsBidirectional => _directions.Length == 2;

    /// <summary>Runs the level. <paramref name="everyStep"/>: whether all steps' outputs are wanted, or only the final states.</summary>
    public void Forward(SequenceBatch batch, PassKind pass, bool everyStep, float* x, nint xRow, NetworkState? state, float* block, in DropoutPlan dropout)
    {
        for (int d = 0; d < _directions.Length; d++)
        {
            _directions[d].Begin(batch, pass);
            SetInitialState(d, batch.SequenceCount, block);
            _directions[d].SetRecurrentDropout(dropout.Recurrent(_index, d));
        }
        _isCarried = state is { Streams: > 0 };
        state?.Load(_index, Forwards, batch.SequenceCount);
        Forwards.Forward(x, xRow);
        if (IsBidirectional)
        {
            int stride = Gemm.Stride(InputSize);
            _reversed.Reserve((long)batch.RowCount * stride);
            RowTransfer.Reverse(batch, x, xRow, _reversed.Pointer, stride, InputSize);
            _directions[1].Forward(_reversed.Pointer, stride);
        }
        state?.Save(_index, Forwards, batch.SequenceCount);
        _outputDropout = dropout.Layer(_index);
        if (everyStep)
            CollectOutput(batch);
    }

    /// <summary>Copies the final state of each direction side by side: [B, OutputSize].</summary>
    public void CopyFinal(float* to, nint toRow)
    {
        for (int d = 0; d < _directions.Length; d++)
            _directions[d].CopyFinalH(to + (d * Units), toRow, Units);
    }

    /// <summary>Copies the forward direction's final h, and c of an LSTM: [B, <see cref="StateRow"/>].</summary>
    public void CopyFinalState(float* h, float* c)
    {
        Forwards.CopyFinalH(h, StateRow, Units);
        if (_spec.Cell == CellKind.Lstm)
            Forwards.CopyFinalC(c, StateRow);
    }

    /// <summary>Gradients of the forward direction's final state, [B, <see cref="StateRow"/>], for the next backward pass (<see cref="IRecurrentLayer.SetFinalGradient"/>).</summary>
    public void SetFinalGradient(float* dFinalH, float* dFinalC) => Forwards.SetFinalGradient(dFinalH, dFinalC, StateRow);

    /// <summary>Backward from the gradient of every step's output, which is overwritten.</summary>
    public void Backward(SequenceBatch batch, float* dOutput, nint dOutputRow, bool needsInput, float* gradients)
    {
        _transfer.Drop(_outputDropout, dOutput, dOutputRow, batch.RowCount, OutputSize);
        BackwardDirection(0, batch, dOutput, dOutputRow, fromFinal: false, needsInput, gradients);
        if (!IsBidirectional)
            return;
        int stride = Gemm.Stride(Units);
        _dDirection.Reserve((long)batch.RowCount * stride);
        RowTransfer.Reverse(batch, dOutput + Units, dOutputRow, _dDirection.Pointer, stride, Units);
        BackwardDirection(1, batch, _dDirection.Pointer, stride, fromFinal: false, needsInput, gradients);
    }

    /// <summary>Backward from the gradient of the final states, [B, OutputSize].</summary>
    public void BackwardFromFinal(SequenceBatch batch, float* dFinal, nint dFinalRow, bool needsInput, float* gradients)
    {
        for (int d = 0; d < _directions.Length; d++)
            BackwardDirection(d, batch, dFinal + (d * Units), dFinalRow, fromFinal: true, needsInput, gradients);
    }

    private void CollectOutput(SequenceBatch batch)
    {
        if (!IsBidirectional && !_outputDropout.IsActive)
        {
            Output = Forwards.Output;
            OutputRow = Forwards.StateRow;
            return;
        }
        OutputRow = Gemm.Stride(OutputSize);
        _output.Reserve(batch.RowCount * OutputRow);
        Output = _output.Pointer;
        RowMath.CopyRows(Forwards.Output, Forwards.StateRow, Output, OutputRow, batch.RowCount, Units);
        if (IsBidirectional)
            RowTransfer.Reverse(batch, _directions[1].Output, _directions[1].StateRow, Output + Units, OutputRow, Units);
        _transfer.Drop(_outputDropout, Output, OutputRow, batch.RowCount, OutputSize);
    }

    private void BackwardDirection(int d, SequenceBatch batch, float* dOutput, nint dOutputRow, bool fromFinal, bool needsInput, float* gradients)
    {
        bool reverse = d == 1;
        FloatBuffer target = reverse ? _dReversed : _dInput;
        if (needsInput)
            target.Reserve(batch.RowCount * DInputRow);
        float* dX = needsInput ? target.Pointer : null;
        if (fromFinal)
            _directions[d].BackwardFromFinal(dOutput, dOutputRow, dX, DInputRow, gradients);
        else
            _directions[d].Backward(dOutput, dOutputRow, dX, DInputRow, gradients);
        AddInitialStateGradient(d, batch.SequenceCount, gradients);
        if (!reverse || !needsInput)
            return;
        for (int t = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
                RowMath.Add(_dReversed.Pointer + (batch.Row(p, batch.Lengths[p] - 1 - t) * DInputRow), DInput + (batch.Row(p, t) * DInputRow), InputSize);
    }

    private void SetInitialState(int d, int sequences, float* block)
    {
        if (!_spec.LearnedInitialState)
            return;
        IRecurrentLayer layer = _directions[d];
        // A row stride of 0 reads the one learned row for every sequence.
        RowMath.CopyRows(block + _layout["rnn.h0" + Suffix(d)].Offset, 0, layer.InitialH, layer.StateRow, sequences, Units);
        if (_spec.Cell == CellKind.Lstm)
            RowMath.CopyRows(block + _layout["rnn.c0" + Suffix(d)].Offset, 0, layer.InitialC, layer.StateRow, sequences, Units);
    }

    private void AddInitialStateGradient(int d, int sequences, float* gradients)
    {
        if (!_spec.LearnedInitialState || _isCarried)
            return;
        IRecurrentLayer layer = _directions[d];
        RowMath.AddColumnSums(layer.DInitialH, layer.StateRow, sequences, gradients + _layout["rnn.h0" + Suffix(d)].Offset, Units);
        if (_spec.Cell == CellKind.Lstm)
            RowMath.AddColumnSums(layer.DInitialC, layer.StateRow, sequences, gradients + _layout["rnn.c0" + Suffix(d)].Offset, Units);
    }

    private static IRecurrentLayer Create(NetworkWeights weights, int layer, int direction, WorkerTeam team) => weights.Spec.LayerNormalization
        ? new NormalizedLstmLayer(weights, layer, direction, team)
        : new RecurrentLayer(weights.Layers[layer][direction], team);

    private string Suffix(int d) => ParameterLayout.Suffix(_index, d);
}
