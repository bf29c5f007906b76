using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// The LSTM with layer normalisation (Ba, Kiros and Hinton 2016). N(v) has mean 0 and variance 1 over one gate's H values:
/// <code>
///   a = γₓ ⊙ N(x·W_ihᵀ) + b_ih + γₕ ⊙ N(h'·W_hhᵀ) + b_hh        i, f, o = σ(a…)   g = tanh(a_g)
///   c = f ⊙ c' + i ⊙ g                                          h = o ⊙ tanh(γ_c ⊙ N(c) + β_c)
/// </code>
/// Shapes as in <see cref="RecurrentLayer"/>, gates one after the other: [N, 4·padded H]. Kept for the backward pass: both normalised
/// products, the gates, c, N(c), and the reciprocal standard deviations. A gate is normalised as a whole, so the time loop is cut by sequences.
/// </summary>
internal sealed unsafe class NormalizedLstmLayer : IRecurrentLayer, ITimeStep
{
    private const int Gates = 4;
    private readonly LayerWeights _weights;
    private readonly WorkerTeam _team;
    private readonly TimeLoop _loop;
    private readonly float* _block;
    private readonly int _normIh, _normHh, _normC, _normCBias;
    private readonly FloatBuffer _hidden = new(), _cells = new(), _normalizedCells = new(), _reciprocals = new(), _gains = new();
    private readonly FloatBuffer _fromInput = new(), _fromState = new(), _gates = new(), _shifted = new();
    private readonly FloatBuffer _dGates = new(), _dFromInput = new(), _dFromState = new(), _dShifted = new(), _dNormalized = new();
    private readonly StateGradients _dState;
    private SequenceBatch _batch = null!;
    private float* _x;
    private nint _xRow;

    public NormalizedLstmLayer(NetworkWeights weights, int layer, int direction, WorkerTeam team)
    {
        string suffix = ParameterLayout.Suffix(layer, direction);
        (_weights, _team) = (weights.Layers[layer][direction], team);
        _loop = new TimeLoop(this, _weights.Blocks, team);
        _block = weights.Block;
        (_normIh, _normHh) = (weights.Layout["rnn.norm_ih" + suffix].Offset, weights.Layout["rnn.norm_hh" + suffix].Offset);
        (_normC, _normCBias) = (weights.Layout["rnn.norm_c" + suffix].Offset, weights.Layout["rnn.norm_c_bias" + suffix].Offset);
        StateRow = Gemm.Stride(_weights.Units);
        _dState = new StateGradients(_weights.Units);
    }

    public int StateRow { get; }

    public float* InitialH => _hidden.Pointer;

    public float* InitialC => _cells.Pointer;

    public float* Output => _hidden.Pointer + ((nint)_batch.SequenceCount * StateRow);

    public float* DInitialH => _dState.DH;

    public float* DInitialC => _dState.DC;

    public LayerTrace Trace => new()
    {
        Weights = _weights,
        Gates = _gates.Pointer,
        Hidden = Output,
        HiddenRow = StateRow,
        GateGradients = _dGates.Pointer,
        GateGradientsRow = GateRow,
    };

    private int Units => _weights.Units;

    private int Stride => _weights.Blocks.PaddedUnits;

    private int GateRow => _weights.Blocks.Columns;

    public void Begin(SequenceBatch batch, PassKind pass)
    {
        _batch = batch;
        long sequences = batch.SequenceCount, rows = batch.RowCount;
        _hidden.Reserve((sequences + rows) * StateRow);
        _cells.Reserve((sequences + rows) * StateRow);
        _normalizedCells.Reserve(rows * StateRow);
        _reciprocals.Reserve(rows * ((2 * Gates) + 1));
        CopyGains();
        foreach (FloatBuffer buffer in (ReadOnlySpan<FloatBuffer>)[_fromInput, _fromState, _gates])
            buffer.Reserve(rows * GateRow);
        new Span<float>(InitialH, (int)sequences * StateRow).Clear();
        new Span<float>(InitialC, (int)sequences * StateRow).Clear();
    }

    public void SetRecurrentDropout(in Dropout dropout)
    {
        // Refused by EngineOptions' validation: the mask would be undone by the normalisation that follows it.
    }

    public void Forward(float* x, nint xRow)
    {
        _x = x;
        _xRow = xRow;
        _loop.Forward(_batch, 0, _batch.StepCount, bySequence: true);
    }

    public void CopyFinalH(float* to, nint toRow, int count)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
            RowMath.CopyRows(_hidden.Pointer + (_batch.RowOfState(p, _batch.Lengths[p] - 1) * StateRow), StateRow, to + (p * toRow),
                toRow, 1, count);
    }

    public void CopyFinalC(float* to, nint toRow)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
            RowMath.CopyRows(_cells.Pointer + (_batch.RowOfState(p, _batch.Lengths[p] - 1) * StateRow), StateRow, to + (p * toRow),
                toRow, 1, StateRow);
    }

    public void SetFinalGradient(float* dFinalH, float* dFinalC, nint dFinalRow) => _dState.SetFinal(dFinalH, dFinalC, dFinalRow);

    public void Backward(float* dOutput, nint dOutputRow, float* dX, nint dXRow, float* gradients)
    {
        _dState.Begin(_batch.SequenceCount, dOutput, dOutputRow);
        BackwardAtOnce(dX, dXRow, gradients);
    }

    public void BackwardFromFinal(float* dFinal, nint dFinalRow, float* dX, nint dXRow, float* gradients)
    {
        _dState.BeginFromFinal(_batch.SequenceCount, dFinal, dFinalRow);
        BackwardAtOnce(dX, dXRow, gradients);
    }

    /// <summary>All steps, from the last; then the weights' gradients and dX of all rows.</summary>
    private void BackwardAtOnce(float* dX, nint dXRow, float* gradients)
    {
        long rows = _batch.RowCount;
        foreach (FloatBuffer buffer in (ReadOnlySpan<FloatBuffer>)[_dGates, _dFromInput, _dFromState])
            buffer.Reserve(rows * GateRow);
        _dShifted.Reserve(rows * StateRow);
        _shifted.Reserve(rows * StateRow);
        _dNormalized.Reserve((long)_batch.SequenceCount * GateRow);
        for (int t = 0; t < _batch.StepCount; t++)
            RowMath.CopyRows(_hidden.Pointer + (_batch.RowOfState(0, t - 1) * StateRow), StateRow, _shifted.Pointer + (Row(t,
                0) * StateRow), StateRow, _batch.Rows(t), Units);
        _loop.Backward(_batch, 0, _batch.StepCount, bySequence: true);
        for (int first = 0; first < rows; first += TimeLoop.MostRows)
            _team.Run(new WeightGradientJob(this, first, (int)Math.Min(TimeLoop.MostRows, rows - first), dX, dXRow, gradients));
    }

    void ITimeStep.ForwardStep(int t, int firstSequence, int sequences, int firstBlock, int lastBlock)
    {
        nint gates = Row(t, firstSequence) * GateRow;
        Gemm.Panels(0, _weights.Blocks.PanelCount, sequences, _x + (Row(t, firstSequence) * _xRow), _xRow, _weights.Input,
            _fromInput.Pointer + gates, GateRow, accumulate: false);
        Gemm.Panels(0, _weights.Blocks.PanelCount, sequences, _hidden.Pointer + (_batch.RowOfState(firstSequence, t - 1) * StateRow),
            StateRow,
            _weights.Recurrent, _fromState.Pointer + gates, GateRow, accumulate: false);
        for (int p = firstSequence; p < firstSequence + sequences; p++)
        {
            NormalizedLstmRow row = RowAt(t, p);
            float* reciprocals = Reciprocals(Row(t, p));
            for (int gate = 0; gate < Gates; gate++)
            {
                reciprocals[gate] = Normalization.Forward(row.FromInput + (gate * Stride), Units);
                reciprocals[Gates + gate] = Normalization.Forward(row.FromState + (gate * Stride), Units);
            }
            reciprocals[2 * Gates] = NormalizedLstmKernels.Forward(row, Units);
        }
    }

    void ITimeStep.BackwardCells(int t, int firstSequence, int sequences, int firstBlock, int lastBlock)
    {
        for (int p = firstSequence; p < firstSequence + sequences; p++)
        {
            NormalizedLstmRow row = RowAt(t, p);
            row.DOutput = _dState.DOutput + (Row(t, p) * _dState.DOutputRow);
            row.DH = _dState.DH + ((nint)p * StateRow);
            row.DC = _dState.DC + ((nint)p * StateRow);
            row.DGates = _dGates.Pointer + (Row(t, p) * GateRow);
            row.DShifted = _dShifted.Pointer + (Row(t, p) * StateRow);
            row.DCell = _dNormalized.Pointer + ((nint)p * GateRow);
            float* reciprocals = Reciprocals(Row(t, p));
            NormalizedLstmKernels.Backward(row, reciprocals[2 * Gates], Units);
            BackwardProduct(row.DGates, row.InputGain, row.FromInput, reciprocals, row.DCell, _dFromInput.Pointer + (Row(t, p) * GateRow));
            BackwardProduct(row.DGates, row.StateGain, row.FromState, reciprocals + Gates, row.DCell, _dFromState.Pointer + (Row(t,
                p) * GateRow));
        }
    }

    void ITimeStep.BackwardState(int t, int firstSequence, int sequences, int firstBlock, int lastBlock) =>
        Gemm.Panels(0, Gemm.Panels(Units), Units, sequences, _dFromState.Pointer + (Row(t, firstSequence) * GateRow), GateRow,
            _weights.RecurrentBackPanels, _weights.GateRows,
            _dState.DH + ((nint)firstSequence * StateRow), StateRow, accumulate: false);

    /// <summary>Through the gains and the normalisation of one product's four gates.</summary>
    private void BackwardProduct(float* dGates, float* gain, float* normalized, float* reciprocals, float* scratch, float* to)
    {
        RowMath.Multiply(dGates, gain, scratch, Gates * Stride);
        for (int gate = 0, at = 0; gate < Gates; gate++, at += Stride)
            Normalization.Backward(scratch + at, normalized + at, reciprocals[gate], to + at, Units);
    }

    private NormalizedLstmRow RowAt(int t, int p)
    {
        nint gates = Row(t, p) * GateRow, current = _batch.RowOfState(p, t) * StateRow;
        return new NormalizedLstmRow
        {
            Width = Stride,
            FromInput = _fromInput.Pointer + gates,
            FromState = _fromState.Pointer + gates,
            InputGain = _gains.Pointer,
            StateGain = _gains.Pointer + (Gates * Stride),
            CellGain = _gains.Pointer + (2 * Gates * Stride),
            CellShift = _gains.Pointer + (((2 * Gates) + 1) * Stride),
            Bias = _weights.Bias,
            Gates = _gates.Pointer + gates,
            PreviousC = _cells.Pointer + (_batch.RowOfState(p, t - 1) * StateRow),
            C = _cells.Pointer + current,
            NormalizedC = _normalizedCells.Pointer + (Row(t, p) * StateRow),
            H = _hidden.Pointer + current,
        };
    }

    /// <summary>Copies γₓ, γₕ, γ_c and β_c with their padding, which is zero, so that whole vectors can be read.</summary>
    private void CopyGains()
    {
        _gains.Reserve(((2L * Gates) + 2) * Stride);
        RowMath.CopyRows(_block + _normIh, Units, _gains.Pointer, Stride, Gates, Units);
        RowMath.CopyRows(_block + _normHh, Units, _gains.Pointer + (Gates * Stride), Stride, Gates, Units);
        RowMath.CopyRows(_block + _normC, Units, _gains.Pointer + (2 * Gates * Stride), Stride, 1, Units);
        RowMath.CopyRows(_block + _normCBias, Units, _gains.Pointer + (((2 * Gates) + 1) * Stride), Stride, 1, Units);
    }

    private void AddGradients(int first, int rows, float* dX, nint dXRow, float* gradients, int worker, int workers)
    {
        nint gates = (nint)first * GateRow, states = (nint)first * StateRow;
        _weights.AddWeightGradients(_dFromInput.Pointer + gates, _dFromState.Pointer + gates, rows, _x + (first * _xRow), _xRow,
            _shifted.Pointer + states, StateRow, gradients, worker, workers);
        _weights.AddBiasGradients(_dGates.Pointer + gates, _dGates.Pointer + gates, rows, gradients, worker, workers);
        (int start, int end) = WorkerTeam.Share(Units, worker, workers);
        for (int gate = 0; gate < Gates; gate++)
            for (int row = 0; row < rows; row++)
            {
                nint at = gates + ((nint)row * GateRow) + (gate * Stride) + start;
                RowMath.AddProduct(_dGates.Pointer + at, _fromInput.Pointer + at, gradients + _normIh + (gate * Units) + start,
                    end - start);
                RowMath.AddProduct(_dGates.Pointer + at, _fromState.Pointer + at, gradients + _normHh + (gate * Units) + start,
                    end - start);
            }
        for (nint row = states + start; row < states + start + ((nint)rows * StateRow); row += StateRow)
            RowMath.AddProduct(_dShifted.Pointer + row, _normalizedCells.Pointer + row, gradients + _normC + start, end - start);
        RowMath.AddColumnSums(_dShifted.Pointer + states + start, StateRow, rows, gradients + _normCBias + start, end - start);
        if (dX == null)
            return;
        (start, end) = WorkerTeam.Share(rows, worker, workers);
        Gemm.Panels(0, Gemm.Panels(_weights.InputSize), _weights.InputSize, end - start,
            _dFromInput.Pointer + gates + ((nint)start * GateRow), GateRow, _weights.InputBackPanels,
            _weights.GateRows, dX + ((first + start) * dXRow), dXRow, accumulate: false);
    }

    /// <summary>Nine per row: of x's four gates, of h's four, of c.</summary>
    private float* Reciprocals(nint row) => _reciprocals.Pointer + (row * ((2 * Gates) + 1));

    private nint Row(int t, int position) => _batch.Offsets[t] + position;

    private readonly struct WeightGradientJob(NormalizedLstmLayer layer, int first, int rows, float* dX, nint dXRow,
        float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => layer.AddGradients(first, rows, dX, dXRow, gradients, part, parts);
    }
}
