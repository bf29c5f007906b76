using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// One recurrent layer in one direction over a packed batch (B sequences, T steps, N rows in all):
/// <code>
///   forward    a[t] = x[t]·W_ihᵀ + h[t−1]·W_hhᵀ,  h[t], c[t] = cell(a[t] + b, h[t−1], c[t−1])
///   backward   d[t] = cell'(dh[t] + dh),  dh = d[t]·W_hh,   then   dX = D·W_ih   dW_ih += Dᵀ·X   dW_hh += Dᵀ·H'   db += Σ D
/// </code>
/// Kept for the backward pass: the gates [N, columns], c and h [B + N, H], both with the initial state as their first B rows, so that "the
/// step before" is always B rows back in a uniform batch. Rows are padded to whole panels.
/// <para>The time loop is cut in one of two ways, neither of which changes a bit: by sequences, when W_hh fits a core's cache (no worker
/// waits for another), or by units, when each worker had better keep a part of W_hh (one barrier per step).</para>
/// </summary>
internal sealed unsafe class RecurrentLayer : IRecurrentLayer
{
    // Half a core's second-level cache: what may be streamed through at every step and still be there at the next.
    private const long ResidentBytes = 512 * 1024;

    private readonly WorkerTeam _team;
    private readonly Action<int, int> _project, _forward, _backward, _inputGradient, _weightGradient;
    private readonly FloatBuffer _gates = new(), _cells = new(), _hidden = new();
    private readonly FloatBuffer _dGates = new(), _dRecurrentGates = new(), _dHidden = new(), _dCells = new(), _shifted = new();
    private readonly RecurrentMask _mask = new();
    private SequenceBatch _batch = null!;
    private float* _x, _dOutput, _dX, _gradients;
    private nint _xRow, _dOutputRow, _dXRow;
    private bool _keep, _fuseInput;

    public RecurrentLayer(LayerWeights weights, WorkerTeam team)
    {
        (Weights, _team) = (weights, team);
        StateRow = Gemm.Stride(weights.Units);
        (_project, _forward, _backward) = (ProjectInput, RunForward, RunBackward);
        (_inputGradient, _weightGradient) = (RunInputGradient, RunWeightGradient);
    }

    public LayerWeights Weights { get; }

    public int StateRow { get; }

    public float* InitialH => _hidden.Pointer;

    public float* InitialC => _cells.Pointer;

    public float* Output => _hidden.Pointer + ((nint)_batch.SequenceCount * StateRow);

    public float* DInitialH => _dHidden.Pointer;

    public float* DInitialC => _dCells.Pointer;

    public LayerTrace Trace => new()
    {
        Weights = Weights,
        Gates = _gates.Pointer,
        Hidden = Output,
        HiddenRow = StateRow,
        GateGradients = _dGates.Pointer,
        GateGradientsRow = Weights.GateRows,
    };

    private bool SplitBySequence => Weights.RecurrentBytes <= ResidentBytes || _team.Size == 1;

    private bool HasCells => Weights.Cell == CellKind.Lstm;

    public void Begin(SequenceBatch batch, bool keep)
    {
        (_batch, _keep) = (batch, keep);
        long sequences = batch.SequenceCount, rows = batch.RowCount;
        _hidden.Reserve((sequences + rows) * StateRow);
        _gates.Reserve((keep ? rows : sequences) * Weights.Blocks.Columns);
        new Span<float>(InitialH, (int)sequences * StateRow).Clear();
        if (HasCells)
        {
            _cells.Reserve((keep ? sequences + rows : sequences) * StateRow);
            new Span<float>(InitialC, (int)sequences * StateRow).Clear();
        }
        _mask.Clear();
    }

    public void SetRecurrentDropout(in Dropout dropout) => _mask.Draw(dropout, _batch, Weights.Units, StateRow);

    public void Forward(float* x, nint xRow)
    {
        _x = x;
        _xRow = xRow;
        long inputBytes = (long)Weights.Blocks.Columns * Weights.InputSize * sizeof(float);
        // A small W_ih rides along in the time loop, so that the gates are written once, in cache; a large one is one product over all steps.
        _fuseInput = !_keep || inputBytes + Weights.RecurrentBytes <= ResidentBytes;
        if (!_fuseInput)
            _team.Run(_project);
        if (_mask.IsActive)
            _mask.Apply(0, 0, _batch.SequenceCount, _hidden.Pointer, 0, Weights.Units);
        RunLoop(_forward);
    }

    public void CopyFinalH(float* to, nint toRow, int count)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
            RowMath.CopyRows(Output + ((nint)_batch.Row(p, _batch.Lengths[p] - 1) * StateRow), StateRow, to + (p * toRow), toRow, 1, count);
    }

    public void CopyFinalC(float* to, nint toRow)
    {
        for (int p = 0; p < _batch.SequenceCount; p++)
        {
            nint row = _keep ? CurrentRow(_batch.Lengths[p] - 1, p) : p;
            RowMath.CopyRows(_cells.Pointer + (row * StateRow), StateRow, to + (p * toRow), toRow, 1, StateRow);
        }
    }

    public void Backward(float* dOutput, nint dOutputRow, float* dX, nint dXRow, float* gradients)
    {
        _dOutput = dOutput;
        _dOutputRow = dOutputRow;
        _dX = dX;
        _dXRow = dXRow;
        _gradients = gradients;
        int states = _batch.SequenceCount * StateRow;
        _dGates.Reserve((long)_batch.RowCount * Weights.GateRows);
        _dHidden.Reserve(states);
        _dCells.Reserve(states);
        new Span<float>(_dHidden.Pointer, states).Clear();
        new Span<float>(_dCells.Pointer, states).Clear();
        if (Weights.Cell == CellKind.Gru)
            _dRecurrentGates.Reserve((long)_batch.RowCount * Weights.GateRows);
        RunLoop(_backward);
        if (dX != null)
            _team.Run(_inputGradient);
        GatherPreviousStates();
        _team.Run(_weightGradient);
    }

    private void ProjectInput(int worker, int workers)
    {
        // By columns: each worker's part of W_ih stays in its cache while the rows pass by.
        (int start, int end) = WorkerTeam.Share(Weights.Blocks.PanelCount, worker, workers);
        Gemm.Panels(start, end, _batch.RowCount, _x, _xRow, Weights.InputPanels, Weights.InputSize, _gates.Pointer, Weights.Blocks.Columns, accumulate: false);
    }

    private void RunLoop(Action<int, int> loop)
    {
        if (SplitBySequence)
            _team.Run(loop);
        else
            _team.RunTogether(loop);
    }

    private void RunForward(int worker, int workers)
    {
        bool bySequence = SplitBySequence;
        (int rowStart, int rowEnd) = bySequence ? WorkerTeam.Share(_batch.SequenceCount, worker, workers) : (0, _batch.SequenceCount);
        (int blockStart, int blockEnd) = bySequence ? (0, Weights.Blocks.Count) : ShareBlocks(worker, workers);
        for (int t = 0; t < _batch.StepCount; t++)
        {
            int rows = Math.Min(rowEnd, _batch.Rows(t)) - rowStart;
            if (rows > 0)
                ForwardStep(t, rowStart, rows, blockStart, blockEnd);
            if (!bySequence)
                _team.Barrier();
        }
    }

    private void ForwardStep(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        GateBlocks blocks = Weights.Blocks;
        float* previousH = _hidden.Pointer + (PreviousRow(t, rowStart) * StateRow);
        float* source = _mask.IsActive ? _mask.Hidden + (PreviousRow(t, rowStart) * StateRow) : previousH;
        float* x = _x + ((_batch.Offsets[t] + rowStart) * _xRow);
        float* gates = _gates.Pointer + ((nint)((_keep ? _batch.Offsets[t] : 0) + rowStart) * blocks.Columns);
        // A single row's gates fit the first-level cache whole, and its products are faster over many panels at once.
        int together = rows == 1 ? blockEnd - blockStart : 1;
        for (int block = blockStart; block < blockEnd; block++)
        {
            int first = blocks.FirstPanel(block);
            if ((block - blockStart) % together == 0)
                Multiply(first, blocks.FirstPanel(block + together), rows, x, source, gates);
            int unit = block * blocks.BlockUnits;
            var tile = new CellTile
            {
                Rows = rows,
                Width = blocks.Width(block),
                Gates = gates + (first * Gemm.PanelWidth),
                GatesRow = blocks.Columns,
                Bias = Weights.Bias + (first * Gemm.PanelWidth),
                PreviousH = previousH + unit,
                H = _hidden.Pointer + (CurrentRow(t, rowStart) * StateRow) + unit,
                HRow = StateRow,
                PreviousC = _cells.Pointer + ((_keep ? PreviousRow(t, rowStart) : rowStart) * StateRow) + unit,
                C = _cells.Pointer + ((_keep ? CurrentRow(t, rowStart) : rowStart) * StateRow) + unit,
                CRow = StateRow,
            };
            CellKernels.Forward(Weights.Cell, tile);
            if (_mask.IsActive)
                _mask.Apply((int)CurrentRow(t, rowStart), rowStart, rows, _hidden.Pointer, unit, tile.Width);
        }
    }

    private void Multiply(int firstPanel, int lastPanel, int rows, float* x, float* previousH, float* gates)
    {
        if (_fuseInput)
            Gemm.Panels(firstPanel, lastPanel, rows, x, _xRow, Weights.InputPanels, Weights.InputSize, gates, Weights.Blocks.Columns, accumulate: false);
        Gemm.Panels(firstPanel, lastPanel, rows, previousH, StateRow, Weights.RecurrentPanels, Weights.Units, gates, Weights.Blocks.Columns, accumulate: true);
    }

    private void RunBackward(int worker, int workers)
    {
        bool bySequence = SplitBySequence;
        (int rowStart, int rowEnd) = bySequence ? WorkerTeam.Share(_batch.SequenceCount, worker, workers) : (0, _batch.SequenceCount);
        (int blockStart, int blockEnd) = bySequence ? (0, Weights.Blocks.Count) : ShareBlocks(worker, workers);
        for (int t = _batch.StepCount - 1; t >= 0; t--)
        {
            int rows = Math.Min(rowEnd, _batch.Rows(t)) - rowStart;
            if (rows > 0)
                BackwardCells(t, rowStart, rows, blockStart, blockEnd);
            // Each worker reads every gate's gradient below, but at the step before only the dh that it has written itself.
            if (!bySequence)
                _team.Barrier();
            if (rows > 0)
                BackwardState(t, rowStart, rows, blockStart, blockEnd);
        }
    }

    private void BackwardCells(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        GateBlocks blocks = Weights.Blocks;
        nint row = _batch.Offsets[t] + rowStart;
        for (int block = blockStart; block < blockEnd; block++)
        {
            int unit = block * blocks.BlockUnits;
            var tile = new CellGradientTile
            {
                Rows = rows,
                Width = blocks.Width(block),
                Gates = _gates.Pointer + (row * blocks.Columns) + (blocks.FirstPanel(block) * Gemm.PanelWidth),
                GatesRow = blocks.Columns,
                PreviousH = _hidden.Pointer + (PreviousRow(t, rowStart) * StateRow) + unit,
                H = _hidden.Pointer + (CurrentRow(t, rowStart) * StateRow) + unit,
                HRow = StateRow,
                PreviousC = _cells.Pointer + (PreviousRow(t, rowStart) * StateRow) + unit,
                C = _cells.Pointer + (CurrentRow(t, rowStart) * StateRow) + unit,
                CRow = StateRow,
                DOutput = _dOutput + (row * _dOutputRow) + unit,
                DOutputRow = _dOutputRow,
                DH = _dHidden.Pointer + ((nint)rowStart * StateRow) + unit,
                DC = _dCells.Pointer + ((nint)rowStart * StateRow) + unit,
                DStateRow = StateRow,
                DGates = _dGates.Pointer + (row * Weights.GateRows) + unit,
                DRecurrentGates = _dRecurrentGates.Pointer + (row * Weights.GateRows) + unit,
                DGatesRow = Weights.GateRows,
                DGatesStride = blocks.PaddedUnits,
            };
            CellKernels.Backward(Weights.Cell, tile);
        }
    }

    /// <summary>dh' = d·W_hh, plus for the GRU what passed the gates by; through the dropout mask if there is one.</summary>
    private void BackwardState(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        bool direct = Weights.Cell == CellKind.Gru;
        float* d = RecurrentGateGradients + ((nint)(_batch.Offsets[t] + rowStart) * Weights.GateRows);
        int first = blockStart * Weights.Blocks.BlockUnits / Gemm.PanelWidth;
        int last = Math.Min(Gemm.Panels(Weights.Units), Gemm.Panels(blockEnd * Weights.Blocks.BlockUnits));
        float* dh = _dHidden.Pointer + ((nint)rowStart * StateRow);
        float* to = _mask.IsActive ? _mask.Scratch + ((nint)rowStart * StateRow) : dh;
        Gemm.Panels(first, last, rows, d, Weights.GateRows, Weights.RecurrentBackPanels, Weights.GateRows, to, StateRow, direct && !_mask.IsActive);
        if (_mask.IsActive)
            _mask.ApplyBackward(rowStart, rows, first * Gemm.PanelWidth, (last - first) * Gemm.PanelWidth, dh, direct);
    }

    private void RunInputGradient(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_batch.RowCount, worker, workers, 4);
        Gemm.Panels(0, Gemm.Panels(Weights.InputSize), end - start, _dGates.Pointer + ((nint)start * Weights.GateRows), Weights.GateRows,
            Weights.InputBackPanels, Weights.GateRows, _dX + (start * _dXRow), _dXRow, accumulate: false);
    }

    private void RunWeightGradient(int worker, int workers)
    {
        Weights.AddWeightGradients(_dGates.Pointer, RecurrentGateGradients, _batch.RowCount, _x, _xRow, PreviousStates, StateRow, _gradients, worker, workers);
        Weights.AddBiasGradients(_dGates.Pointer, RecurrentGateGradients, _batch.RowCount, _gradients, worker, workers);
    }

    private float* RecurrentGateGradients => Weights.Cell == CellKind.Gru ? _dRecurrentGates.Pointer : _dGates.Pointer;

    /// <summary>What W_hh was multiplied with at each row, [N, stride]: in a uniform batch the states themselves, B rows earlier.</summary>
    private float* PreviousStates => _batch.IsUniform ? HiddenSource : _shifted.Pointer;

    private float* HiddenSource => _mask.IsActive ? _mask.Hidden : _hidden.Pointer;

    private void GatherPreviousStates()
    {
        if (_batch.IsUniform)
            return;
        _shifted.Reserve((long)_batch.RowCount * StateRow);
        for (int t = 0; t < _batch.StepCount; t++)
            RowMath.CopyRows(HiddenSource + (PreviousRow(t, 0) * StateRow), StateRow, _shifted.Pointer + ((nint)_batch.Offsets[t] * StateRow), StateRow,
                _batch.Rows(t), Weights.Units);
    }

    /// <summary>Row of the state before step t in the state buffers, whose first B rows are the initial state.</summary>
    private nint PreviousRow(int t, int row) => (t == 0 ? 0 : _batch.SequenceCount + _batch.Offsets[t - 1]) + row;

    private nint CurrentRow(int t, int row) => _batch.SequenceCount + _batch.Offsets[t] + row;

    /// <summary>A worker's blocks, cut where a panel of dh begins, so that it writes all of its own units' dh.</summary>
    private (int Start, int End) ShareBlocks(int worker, int workers) =>
        WorkerTeam.Share(Weights.Blocks.Count, worker, workers, Gemm.PanelWidth / Weights.Blocks.BlockUnits);
}
