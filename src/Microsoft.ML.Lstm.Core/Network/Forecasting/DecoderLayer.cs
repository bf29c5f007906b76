using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// One step of a recurrent layer for each of the M segments of the horizon, in row p·M + m. Every segment of sequence p begins in the same
/// state h'[p], c'[p], whose product is computed once:
/// <code>
///   forward    r[p] = h'[p]·W_hhᵀ                                          [B, columns]
///              h[p,m], c[p,m] = cell(x[p,m]·W_ihᵀ + r[p] + b, h'[p], c'[p])          [B·M, units]
///   backward   d[p,m] = cell'(dh[p,m])    s[p] = Σ_m d[p,m]                [B, gate rows]
///              dh'[p] = s[p]·W_hh    dX = D·W_ih    dW_ih += Dᵀ·X    dW_hh += Sᵀ·H'    db += Σ_p s[p]
/// </code>
/// What passes the gates by, summed over m, is dc'[p] (LSTM) or in dh'[p] (GRU). The first layer also has the gates of the embeddings
/// (<see cref="EmbeddingGates"/>), and x only where there are covariates. Kept for the backward pass: gates, c, h, and the sequences' states.
/// <para>Cut by sequences, some at a time, which bounds what a pass need not keep: the gates in scoring, their gradients in training.</para>
/// </summary>
internal sealed unsafe partial class DecoderLayer
{
    // Rows that are computed together, so that what they leave for the weights' gradients is still near; but enough sequences for many cores.
    private const int ManyRows = 2 * Gemm.DepthBlock, ManySequences = 16;

    private readonly WorkerTeam _team;
    private readonly RowTransfer _transfer;
    private readonly EmbeddingGates? _embedded;
    private readonly int _segments, _together;
    private readonly FloatBuffer _stateH = new(), _stateC = new(), _masked = new(), _previous = new();
    private readonly FloatBuffer _recurrent = new(), _gates = new(), _cells = new(), _hidden = new();
    private Dropout _dropout;
    private float* _x;
    private nint _xRow;
    private int _sequences, _first, _count;
    private bool _keep;

    /// <param name="weights">The layer's.</param>
    /// <param name="segments">M.</param>
    /// <param name="embedded">What the embeddings add to the gates; null but for the first layer.</param>
    /// <param name="team">Who computes.</param>
    /// <param name="transfer">Drops values.</param>
    public DecoderLayer(LayerWeights weights, int segments, EmbeddingGates? embedded, WorkerTeam team, RowTransfer transfer)
    {
        (Weights, _segments, _embedded, _team, _transfer) = (weights, segments, embedded, team, transfer);
        _together = Math.Max(1, Math.Max(ManyRows / segments, Math.Min(ManySequences, TimeLoop.MostRows / segments)));
        StateRow = Gemm.Stride(weights.Units);
    }

    public LayerWeights Weights { get; }

    /// <summary>Row stride of h and c.</summary>
    public int StateRow { get; }

    /// <summary>h, [B·M, <see cref="StateRow"/>].</summary>
    public float* Output => _hidden.Pointer;

    private bool HasCells => Weights.Cell == CellKind.Lstm;

    /// <summary>What W_hh multiplies: h', without what is dropped.</summary>
    private float* StateSource => _dropout.IsActive ? _masked.Pointer : _stateH.Pointer;

    /// <summary>
    /// Takes the state that a layer of the encoder has ended in. <paramref name="dropout"/>: on that state, where W_hh multiplies it; the
    /// same for all segments of a sequence.
    /// </summary>
    public void Begin(RecurrentLevel encoder, int sequences, PassKind pass, in Dropout dropout)
    {
        (_sequences, _keep, _dropout) = (sequences, pass != PassKind.Score, dropout);
        long rows = (long)sequences * _segments, together = Math.Min(_together, sequences), few = together * _segments;
        _stateH.Reserve((long)sequences * StateRow);
        if (HasCells)
        {
            _stateC.Reserve((long)sequences * StateRow);
            _cells.Reserve((_keep ? rows : few) * StateRow);
        }
        _hidden.Reserve(rows * StateRow);
        _previous.Reserve(few * StateRow);
        _gates.Reserve((_keep ? rows : few) * Weights.Blocks.Columns);
        _recurrent.Reserve(together * Weights.Blocks.Columns);
        encoder.CopyFinalState(_stateH.Pointer, _stateC.Pointer);
        if (!dropout.IsActive)
            return;
        _masked.Reserve((long)sequences * StateRow);
        RowMath.CopyRows(_stateH.Pointer, StateRow, _masked.Pointer, StateRow, sequences, Weights.Units);
        _transfer.Drop(dropout, _masked.Pointer, StateRow, sequences, Weights.Units);
    }

    /// <summary>Runs over x [B·M, I], which must stay until the backward pass is done; null where the embeddings are all of the input.</summary>
    public void Forward(float* x, nint xRow)
    {
        _x = x;
        _xRow = xRow;
        _embedded?.Forward();
        for (_first = 0; _first < _sequences; _first += _together)
        {
            _count = Math.Min(_together, _sequences - _first);
            _team.Run(new ForwardJob(this), (long)_count * _segments * Weights.Blocks.Columns);
        }
    }

    private void ForwardSequences(int start, int end)
    {
        GateBlocks blocks = Weights.Blocks;
        Gemm.Panels(0, blocks.PanelCount, end - start, StateSource + ((nint)start * StateRow), StateRow, Weights.Recurrent,
            Recurrent(start), blocks.Columns, accumulate: false);
        for (int p = start; p < end; p++)
            _embedded?.AddSeries(p, Recurrent(p));
        SpreadStates(start, end);
        for (int block = 0; block < blocks.Count; block++)
        {
            int unit = block * blocks.BlockUnits, column = blocks.FirstPanel(block) * Gemm.PanelWidth;
            CollectGates(block, start, end);
            var tile = new CellTile
            {
                Rows = (end - start) * _segments,
                Width = blocks.Width(block),
                Gates = Gates(start) + column,
                GatesRow = blocks.Columns,
                Bias = Weights.Bias + column,
                PreviousH = Previous(start) + unit,
                H = Hidden(start) + unit,
                HRow = StateRow,
                PreviousC = Previous(start) + unit,
                C = Cells(start) + unit,
                CRow = StateRow,
            };
            CellKernels.Forward(Weights.Cell, tile);
        }
    }

    /// <summary>A block's gates of all segments: each row's own, and the sequence's.</summary>
    private void CollectGates(int block, int start, int end)
    {
        GateBlocks blocks = Weights.Blocks;
        int column = blocks.FirstPanel(block) * Gemm.PanelWidth, columns = blocks.Width(block) * blocks.Slots;
        if (_x != null)
            Gemm.Panels(blocks.FirstPanel(block), blocks.FirstPanel(block + 1), (end - start) * _segments,
                _x + ((nint)start * _segments * _xRow), _xRow, Weights.Input, Gates(start), blocks.Columns, accumulate: false);
        for (int p = start; p < end; p++)
            for (int m = 0; m < _segments; m++)
            {
                float* gates = Gates(p) + ((nint)m * blocks.Columns) + column;
                if (_x == null)
                    RowMath.CopyRows(_embedded!.Position(m) + column, 0, gates, 0, 1, columns);
                else if (_embedded is not null)
                    RowMath.Add(_embedded.Position(m) + column, gates, columns);
                RowMath.Add(Recurrent(p) + column, gates, columns);
            }
    }

    /// <summary>What a cell reads of the state before, once for each segment: c' (LSTM), h' (GRU).</summary>
    private void SpreadStates(int start, int end)
    {
        if (!HasCells && Weights.Cell != CellKind.Gru)
            return;
        float* states = HasCells ? _stateC.Pointer : _stateH.Pointer;
        // A row stride of 0 reads the one state for every segment.
        for (int p = start; p < end; p++)
            RowMath.CopyRows(states + ((nint)p * StateRow), 0, Previous(p), StateRow, _segments, StateRow);
    }

    // Rows of a sequence's first segment: of all sequences where they are kept, otherwise of those that are computed together.
    private float* Hidden(int p) => _hidden.Pointer + ((nint)p * _segments * StateRow);

    private float* Gates(int p) => _gates.Pointer + (KeptRow(p) * Weights.Blocks.Columns);

    private float* Cells(int p) => _cells.Pointer + (KeptRow(p) * StateRow);

    private float* Previous(int p) => _previous.Pointer + (NearRow(p) * StateRow);

    private float* Recurrent(int p) => _recurrent.Pointer + ((nint)(p - _first) * Weights.Blocks.Columns);

    private nint KeptRow(int p) => _keep ? (nint)p * _segments : NearRow(p);

    private nint NearRow(int p) => (nint)(p - _first) * _segments;

    private (int Start, int End) ShareSequences(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_count, part, parts);
        return (_first + start, _first + end);
    }

    private readonly struct ForwardJob(DecoderLayer layer) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = layer.ShareSequences(part, parts);
            if (start < end)
                layer.ForwardSequences(start, end);
        }
    }
}
