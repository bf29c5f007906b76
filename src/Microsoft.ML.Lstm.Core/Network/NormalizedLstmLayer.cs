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
/// products, the gates, c, N(c), and the reciprocal deviations. Time loops are cut by sequences.
/// </summary>
internal sealed unsafe class NormalizedLstmLayer : IRecurrentLayer
{
    private const int Gates = 4;
    private readonly LayerWeights _weights;
    private readonly WorkerTeam _team;
    private readonly float* _block;
    private readonly int _normIh, _normHh, _normC, _normCBias;
    private readonly FloatBuffer _hidden = new(), _cells = new(), _normalizedCells = new(), _deviations = new();
    private readonly FloatBuffer _fromInput = new(), _fromState = new(), _gates = new(), _shifted = new();
    private readonly FloatBuffer _dGates = new(), _dFromInput = new(), _dFromState = new(), _dNormalizedCells = new(), _scratch = new();
    private readonly StateGradients _dState;
    private SequenceBatch _batch = null!;
    private float* _x, _dX, _gradients;
    private nint _xRow, _dXRow;

    public NormalizedLstmLayer(NetworkWeights weights, int layer, int direction, WorkerTeam team)
    {
        string suffix = ParameterLayout.Suffix(layer, direction);
        (_weights, _team) = (weights.Layers[layer][direction], team);
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
        _deviations.Reserve(rows * ((2 * Gates) + 1));
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
        _team.Run(new ForwardJob(this));
    }

    public void CopyFinalH(float* to, nint toRow, int count)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
            RowMath.CopyRows(_hidden.Pointer + (_batch.RowOfState(p, _batch.Lengths[p] - 1) * StateRow), StateRow, to + (p * toRow), toRow, 1, count);
    }

    public void CopyFinalC(float* to, nint toRow)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
            RowMath.CopyRows(_cells.Pointer + (_batch.RowOfState(p, _batch.Lengths[p] - 1) * StateRow), StateRow, to + (p * toRow), toRow, 1, StateRow);
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
        _dX = dX;
        _dXRow = dXRow;
        _gradients = gradients;
        long rows = _batch.RowCount;
        foreach (FloatBuffer buffer in (ReadOnlySpan<FloatBuffer>)[_dGates, _dFromInput, _dFromState])
            buffer.Reserve(rows * GateRow);
        _dNormalizedCells.Reserve(rows * StateRow);
        _shifted.Reserve(rows * StateRow);
        _scratch.Reserve((long)_team.Size * StateRow);
        for (int t = 0; t < _batch.StepCount; t++)
            RowMath.CopyRows(_hidden.Pointer + (_batch.RowOfState(0, t - 1) * StateRow), StateRow, _shifted.Pointer + (Row(t, 0) * StateRow), StateRow, _batch.Rows(t), Units);
        _team.Run(new BackwardJob(this));
        _team.Run(new FinishJob(this));
    }

    private void RunForward(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_batch.SequenceCount, worker, workers);
        for (int t = 0; t < _batch.StepCount; t++)
        {
            int rows = Math.Min(end, _batch.Rows(t)) - start;
            if (rows <= 0)
                return;
            nint gates = Row(t, start) * GateRow;
            Gemm.Panels(0, _weights.Blocks.PanelCount, rows, _x + (Row(t, start) * _xRow), _xRow, _weights.InputPanels, _weights.InputSize, _fromInput.Pointer + gates, GateRow, accumulate: false);
            Gemm.Panels(0, _weights.Blocks.PanelCount, rows, _hidden.Pointer + (_batch.RowOfState(start, t - 1) * StateRow), StateRow, _weights.RecurrentPanels, Units, _fromState.Pointer + gates, GateRow, accumulate: false);
            for (int p = start; p < start + rows; p++)
                ForwardRow(Row(t, p), _batch.RowOfState(p, t - 1) * StateRow, _batch.RowOfState(p, t) * StateRow);
        }
    }

    private void ForwardRow(nint row, nint previous, nint current)
    {
        float* fromInput = _fromInput.Pointer + (row * GateRow), fromState = _fromState.Pointer + (row * GateRow), a = _gates.Pointer + (row * GateRow);
        float* deviations = Deviations(row), n = _normalizedCells.Pointer + (row * StateRow), c = _cells.Pointer + current;
        for (int gate = 0; gate < Gates; gate++)
        {
            int at = gate * Stride, from = gate * Units;
            deviations[gate] = Normalization.Forward(fromInput + at, Units);
            deviations[Gates + gate] = Normalization.Forward(fromState + at, Units);
            for (int u = 0; u < Units; u++)
            {
                float value = (_block[_normIh + from + u] * fromInput[at + u]) + (_block[_normHh + from + u] * fromState[at + u]) + _weights.Bias[at + u];
                a[at + u] = gate == 2 ? MathF.Tanh(value) : 1 / (1 + MathF.Exp(-value));
            }
        }
        for (int u = 0; u < Units; u++)
            n[u] = c[u] = (a[Stride + u] * _cells.Pointer[previous + u]) + (a[u] * a[(2 * Stride) + u]);
        deviations[2 * Gates] = Normalization.Forward(n, Units);
        for (int u = 0; u < Units; u++)
            _hidden.Pointer[current + u] = a[(3 * Stride) + u] * MathF.Tanh((_block[_normC + u] * n[u]) + _block[_normCBias + u]);
    }

    private void RunBackward(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_batch.SequenceCount, worker, workers);
        float* scratch = _scratch.Pointer + ((nint)worker * StateRow);
        for (int t = _batch.StepCount - 1; t >= 0; t--)
        {
            int rows = Math.Min(end, _batch.Rows(t)) - start;
            if (rows <= 0)
                continue;
            for (int p = start; p < start + rows; p++)
                BackwardRow(Row(t, p), (nint)p * StateRow, _batch.RowOfState(p, t - 1) * StateRow, scratch);
            Gemm.Panels(0, Gemm.Panels(Units), rows, _dFromState.Pointer + (Row(t, start) * GateRow), GateRow, _weights.RecurrentBackPanels, _weights.GateRows,
                _dState.DH + ((nint)start * StateRow), StateRow, accumulate: false);
        }
    }

    private void BackwardRow(nint row, nint state, nint previous, float* scratch)
    {
        float* a = _gates.Pointer + (row * GateRow), d = _dGates.Pointer + (row * GateRow), deviations = Deviations(row);
        float* n = _normalizedCells.Pointer + (row * StateRow), dq = _dNormalizedCells.Pointer + (row * StateRow);
        float* dh = _dState.DH + state, dc = _dState.DC + state, dOutput = _dState.DOutput + (row * _dState.DOutputRow);
        for (int u = 0; u < Units; u++)
        {
            float o = a[(3 * Stride) + u], s = MathF.Tanh((_block[_normC + u] * n[u]) + _block[_normCBias + u]), total = dh[u] + dOutput[u];
            d[(3 * Stride) + u] = total * s * o * (1 - o);
            dq[u] = total * o * (1 - (s * s));
            scratch[u] = dq[u] * _block[_normC + u];
        }
        Normalization.Backward(scratch, n, deviations[2 * Gates], scratch, Units);
        for (int u = 0; u < Units; u++)
        {
            float i = a[u], f = a[Stride + u], g = a[(2 * Stride) + u], total = dc[u] + scratch[u];
            d[u] = total * g * i * (1 - i);
            d[Stride + u] = total * _cells.Pointer[previous + u] * f * (1 - f);
            d[(2 * Stride) + u] = total * i * (1 - (g * g));
            dc[u] = total * f;
        }
        for (int gate = 0; gate < Gates; gate++)
        {
            nint at = (row * GateRow) + (gate * Stride);
            RowMath.Multiply(_dGates.Pointer + at, _block + _normIh + (gate * Units), scratch, Units);
            Normalization.Backward(scratch, _fromInput.Pointer + at, deviations[gate], _dFromInput.Pointer + at, Units);
            RowMath.Multiply(_dGates.Pointer + at, _block + _normHh + (gate * Units), scratch, Units);
            Normalization.Backward(scratch, _fromState.Pointer + at, deviations[Gates + gate], _dFromState.Pointer + at, Units);
        }
    }

    private void RunFinish(int worker, int workers)
    {
        int rows = _batch.RowCount;
        _weights.AddWeightGradients(_dFromInput.Pointer, _dFromState.Pointer, rows, _x, _xRow, _shifted.Pointer, StateRow, _gradients, worker, workers);
        _weights.AddBiasGradients(_dGates.Pointer, _dGates.Pointer, rows, _gradients, worker, workers);
        (int start, int end) = WorkerTeam.Share(Units, worker, workers);
        for (int gate = 0; gate < Gates; gate++)
            for (int row = 0; row < rows; row++)
            {
                nint at = ((nint)row * GateRow) + (gate * Stride) + start;
                RowMath.AddProduct(_dGates.Pointer + at, _fromInput.Pointer + at, _gradients + _normIh + (gate * Units) + start, end - start);
                RowMath.AddProduct(_dGates.Pointer + at, _fromState.Pointer + at, _gradients + _normHh + (gate * Units) + start, end - start);
            }
        for (int row = 0; row < rows; row++)
            RowMath.AddProduct(_dNormalizedCells.Pointer + ((nint)row * StateRow) + start, _normalizedCells.Pointer + ((nint)row * StateRow) + start, _gradients + _normC + start, end - start);
        RowMath.AddColumnSums(_dNormalizedCells.Pointer + start, StateRow, rows, _gradients + _normCBias + start, end - start);
        if (_dX == null)
            return;
        (start, end) = WorkerTeam.Share(rows, worker, workers);
        Gemm.Panels(0, Gemm.Panels(_weights.InputSize), end - start, _dFromInput.Pointer + ((nint)start * GateRow), GateRow, _weights.InputBackPanels, _weights.GateRows,
            _dX + (start * _dXRow), _dXRow, accumulate: false);
    }

    /// <summary>Nine per row: of x's four gates, of h's four, of c.</summary>
    private float* Deviations(nint row) => _deviations.Pointer + (row * ((2 * Gates) + 1));

    private nint Row(int t, int position) => _batch.Offsets[t] + position;

    private readonly struct ForwardJob(NormalizedLstmLayer layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.RunForward(part, parts);
    }

    private readonly struct BackwardJob(NormalizedLstmLayer layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.RunBackward(part, parts);
    }

    private readonly struct FinishJob(NormalizedLstmLayer layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.RunFinish(part, parts);
    }
}
