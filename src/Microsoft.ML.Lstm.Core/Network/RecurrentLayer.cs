using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// One recurrent layer in one direction over a packed batch (B sequences, T steps, N rows in all):
/// <code>
///   forward    a[t] = x[t]·W_ihᵀ + h[t−1]·W_hhᵀ,  h[t], c[t] = cell(a[t] + b, h[t−1], c[t−1])
///   backward   d[t] = cell'(dh[t] + dh),  dh = d[t]·W_hh,   then   dX = D·W_ih   dW_ih += Dᵀ·X   dW_hh += Dᵀ·H'   db += Σ D
/// </code>
/// Kept for the backward pass: the gates [N, columns], c and h [B + N, H], both with the initial state as their first B rows, so that "the
/// step before" is always B rows back in a uniform batch. Rows are padded to whole panels.
/// <para>The time loop is cut by sequences when W_hh fits a core's cache, otherwise by units (<see cref="TimeLoop"/>).</para>
/// </summary>
internal sealed unsafe partial class RecurrentLayer : IRecurrentLayer, ITimeStep
{
    // Half a core's second-level cache: what may be streamed through at every step and still be there at the next.
    private const long ResidentBytes = 512 * 1024;

    private readonly WorkerTeam _team;
    private readonly TimeLoop _loop;
    private readonly FloatBuffer _gates = new(), _cells = new(), _hidden = new();
    private readonly FloatBuffer _dGates = new(), _dRecurrentGates = new(), _shifted = new();
    private readonly StateGradients _dState;
    private readonly RecurrentMask _mask = new();
    private SequenceBatch _batch = null!;
    private float* _x;
    private nint _xRow;
    private int _firstStep, _lastStep;
    private bool _keep, _keepsGradients, _fuseInput;

    public RecurrentLayer(LayerWeights weights, WorkerTeam team)
    {
        (Weights, _team) = (weights, team);
        _loop = new TimeLoop(this, weights.Blocks, team);
        StateRow = Gemm.Stride(weights.Units);
        _dState = new StateGradients(weights.Units);
    }

    public LayerWeights Weights { get; }

    public int StateRow { get; }

    public float* InitialH => _hidden.Pointer;

    public float* InitialC => _cells.Pointer;

    public float* Output => _hidden.Pointer + ((nint)_batch.SequenceCount * StateRow);

    public float* DInitialH => _dState.DH;

    public float* DInitialC => _dState.DC;

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

    public void Begin(SequenceBatch batch, PassKind pass)
    {
        (_batch, _keep, _keepsGradients) = (batch, pass != PassKind.Score, pass == PassKind.Trace);
        long sequences = batch.SequenceCount, rows = batch.RowCount;
        _hidden.Reserve((sequences + rows) * StateRow);
        _gates.Reserve((_keep ? rows : sequences) * Weights.Blocks.Columns);
        new Span<float>(InitialH, (int)sequences * StateRow).Clear();
        if (HasCells)
        {
            _cells.Reserve((_keep ? sequences + rows : sequences) * StateRow);
            new Span<float>(InitialC, (int)sequences * StateRow).Clear();
        }
        _mask.Clear();
    }

    public void SetRecurrentDropout(in Dropout dropout) => _mask.Draw(dropout, _batch, Weights.Units, StateRow);

    public void Forward(float* x, nint xRow)
    {
        _x = x;
        _xRow = xRow;
        // A small W_ih rides along in the time loop, so that the gates are written once, in cache; a large one is one product over all steps.
        _fuseInput = !_keep || Weights.Input.Bytes + Weights.RecurrentBytes <= ResidentBytes;
        if (_mask.IsActive)
            _mask.Apply(0, 0, _batch.SequenceCount, _hidden.Pointer, 0, Weights.Units);
        for (_lastStep = 0; _lastStep < _batch.StepCount;)
        {
            _firstStep = _lastStep;
            _lastStep = _fuseInput ? _batch.StepCount : EndOfChunk(_firstStep);
            if (!_fuseInput)
                _team.Run(new ProjectJob(this));
            _loop.Forward(_batch, _firstStep, _lastStep, SplitBySequence);
        }
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
            nint row = _keep ? _batch.RowOfState(p, _batch.Lengths[p] - 1) : p;
            RowMath.CopyRows(_cells.Pointer + (row * StateRow), StateRow, to + (p * toRow), toRow, 1, StateRow);
        }
    }

    private void ProjectInput(int worker, int workers)
    {
        // By columns: each worker's part of W_ih stays in its cache while the rows pass by.
        (int start, int end) = WorkerTeam.Share(Weights.Blocks.PanelCount, worker, workers);
        Gemm.Panels(start, end, ChunkRowCount, _x + (ChunkRow * _xRow), _xRow, Weights.Input,
            _gates.Pointer + ((nint)ChunkRow * Weights.Blocks.Columns), Weights.Blocks.Columns, accumulate: false);
    }

    void ITimeStep.ForwardStep(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        GateBlocks blocks = Weights.Blocks;
        float* previousH = _hidden.Pointer + (_batch.RowOfState(rowStart, t - 1) * StateRow);
        float* source = _mask.IsActive ? _mask.Hidden + (_batch.RowOfState(rowStart, t - 1) * StateRow) : previousH;
        float* x = _x + ((_batch.Offsets[t] + rowStart) * _xRow);
        float* gates = _gates.Pointer + ((nint)((_keep ? _batch.Offsets[t] : 0) + rowStart) * blocks.Columns);
        // A single row's gates fit the first-level cache whole, and its products are faster over many panels at once; its cells are too, with the blocks as rows.
        bool isSingle = rows == 1;
        if (isSingle)
            Multiply(blocks.FirstPanel(blockStart), blocks.FirstPanel(blockEnd), rows, x, source, gates);
        for (int block = blockStart, together; block < blockEnd; block += together)
        {
            int first = blocks.FirstPanel(block), unit = block * blocks.BlockUnits, width = blocks.Width(block);
            together = isSingle ? blocks.OfWidth(block, blockEnd) : 1;
            if (!isSingle)
                Multiply(first, blocks.FirstPanel(block + 1), rows, x, source, gates);
            int blockColumns = width * blocks.Slots;
            var tile = new CellTile
            {
                Rows = isSingle ? together : rows,
                Width = width,
                Gates = gates + (first * Gemm.PanelWidth),
                GatesRow = isSingle ? blockColumns : blocks.Columns,
                Bias = Weights.Bias + (first * Gemm.PanelWidth),
                BiasRow = isSingle ? blockColumns : 0,
                PreviousH = previousH + unit,
                H = _hidden.Pointer + (_batch.RowOfState(rowStart, t) * StateRow) + unit,
                HRow = isSingle ? width : StateRow,
                PreviousC = _cells.Pointer + ((_keep ? _batch.RowOfState(rowStart, t - 1) : rowStart) * StateRow) + unit,
                C = _cells.Pointer + ((_keep ? _batch.RowOfState(rowStart, t) : rowStart) * StateRow) + unit,
                CRow = isSingle ? width : StateRow,
            };
            CellKernels.Forward(Weights.Cell, tile);
            if (_mask.IsActive)
                _mask.Apply((int)_batch.RowOfState(rowStart, t), rowStart, rows, _hidden.Pointer, unit, together * width);
        }
    }

    private void Multiply(int firstPanel, int lastPanel, int rows, float* x, float* previousH, float* gates)
    {
        if (_fuseInput)
            Gemm.Panels(firstPanel, lastPanel, rows, x, _xRow, Weights.Input, previousH, StateRow, Weights.Recurrent, gates, Weights.Blocks.Columns);
        else
            Gemm.Panels(firstPanel, lastPanel, rows, previousH, StateRow, Weights.Recurrent, gates, Weights.Blocks.Columns, accumulate: true);
    }

    /// <summary>The end of the steps from <paramref name="first"/> on that have about <see cref="Gemm.DepthBlock"/> rows, at least one step.</summary>
    private int EndOfChunk(int first)
    {
        int last = first + 1;
        while (last < _batch.StepCount && _batch.Offsets[last + 1] - _batch.Offsets[first] <= Gemm.DepthBlock)
            last++;
        return last;
    }

    private int ChunkRow => _batch.Offsets[_firstStep];

    private int ChunkRowCount => _batch.Offsets[_lastStep] - ChunkRow;

    private readonly struct ProjectJob(RecurrentLayer layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.ProjectInput(part, parts);
    }
}
