using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

internal sealed unsafe partial class DecoderLayer
{
    // Rows whose gates' gradients are summed while they are in a core's cache.
    private const int TileRows = 64;

    private readonly FloatBuffer _dGates = new(), _dRecurrentGates = new(), _dh = new(), _dc = new();
    private readonly FloatBuffer _sums = new(), _recurrentSums = new(), _passed = new(), _dStateH = new(), _dStateC = new();
    private float* _dOutput;
    private nint _dOutputRow;

    /// <summary>∂loss/∂h' after <see cref="Backward"/>, [B, <see cref="StateRow"/>].</summary>
    public float* DStateH => _dStateH.Pointer;

    /// <summary>∂loss/∂c' (LSTM), otherwise null; [B, <see cref="StateRow"/>].</summary>
    public float* DStateC => HasCells ? _dStateC.Pointer : null;

    private bool IsGru => Weights.Cell == CellKind.Gru;

    private float* RecurrentSums => IsGru ? _recurrentSums.Pointer : _sums.Pointer;

    /// <summary>
    /// From ∂loss/∂h [B·M, units]. Writes ∂loss/∂x to <paramref name="dX"/> [B·M, I] unless there was no x, and adds the weights' gradients to
    /// the block <paramref name="gradients"/>.
    /// </summary>
    public void Backward(float* dOutput, nint dOutputRow, float* dX, nint dXRow, float* gradients)
    {
        _dOutput = dOutput;
        _dOutputRow = dOutputRow;
        ReserveGradients();
        _embedded?.BeginBackward();
        for (_first = 0; _first < _sequences; _first += _together)
        {
            _count = Math.Min(_together, _sequences - _first);
            int rows = _count * _segments;
            _team.Run(new BackwardJob(this), (long)rows * Weights.GateRows);
            if (_x != null)
            {
                _team.Run(new InputGradientJob(this, dX + ((nint)_first * _segments * dXRow), dXRow), Work(rows, Weights.InputSize));
                _team.Run(new InputWeightJob(this, gradients), Work(rows, Weights.InputSize));
            }
            _embedded?.AddPositions(_dGates.Pointer, _count);
        }
        _embedded?.Backward(_sums.Pointer, _sequences, gradients);
        BackwardStates(gradients);
    }

    private void ReserveGradients()
    {
        long few = (long)Math.Min(_together, _sequences) * _segments;
        _dGates.Reserve(few * Weights.GateRows);
        _dh.Reserve(few * StateRow);
        _sums.Reserve((long)_sequences * Weights.GateRows);
        _dStateH.Reserve((long)_sequences * StateRow);
        if (IsGru)
        {
            _dRecurrentGates.Reserve(few * Weights.GateRows);
            _recurrentSums.Reserve((long)_sequences * Weights.GateRows);
            _passed.Reserve((long)_sequences * StateRow);
        }
        if (HasCells)
        {
            _dc.Reserve(few * StateRow);
            _dStateC.Reserve((long)_sequences * StateRow);
        }
    }

    /// <summary>The gates' gradients of some sequences and their sums over the segments.</summary>
    private void BackwardSequences(int start, int end)
    {
        int rows = (end - start) * _segments;
        new Span<float>(_dh.Pointer + (NearRow(start) * StateRow), rows * StateRow).Clear();
        if (HasCells)
            new Span<float>(_dc.Pointer + (NearRow(start) * StateRow), rows * StateRow).Clear();
        SpreadStates(start, end);
        for (int block = 0; block < Weights.Blocks.Count; block++)
            BackwardCells(block, start, rows);
        for (int p = start; p < end; p++)
        {
            Sum(_dGates.Pointer, _sums.Pointer, p, Weights.GateRows);
            if (IsGru)
            {
                Sum(_dRecurrentGates.Pointer, _recurrentSums.Pointer, p, Weights.GateRows);
                Sum(_dh.Pointer, _passed.Pointer, p, StateRow);
            }
            if (HasCells)
                Sum(_dc.Pointer, _dStateC.Pointer, p, StateRow);
        }
    }

    private void BackwardCells(int block, int start, int rows)
    {
        GateBlocks blocks = Weights.Blocks;
        int unit = block * blocks.BlockUnits;
        var tile = new CellGradientTile
        {
            Rows = rows,
            Width = blocks.Width(block),
            Gates = Gates(start) + (blocks.FirstPanel(block) * Gemm.PanelWidth),
            GatesRow = blocks.Columns,
            PreviousH = Previous(start) + unit,
            H = Hidden(start) + unit,
            HRow = StateRow,
            PreviousC = Previous(start) + unit,
            C = Cells(start) + unit,
            CRow = StateRow,
            DOutput = _dOutput + ((nint)start * _segments * _dOutputRow) + unit,
            DOutputRow = _dOutputRow,
            DH = _dh.Pointer + (NearRow(start) * StateRow) + unit,
            DC = _dc.Pointer + (NearRow(start) * StateRow) + unit,
            DStateRow = StateRow,
            DGates = _dGates.Pointer + (NearRow(start) * Weights.GateRows) + unit,
            DRecurrentGates = _dRecurrentGates.Pointer + (NearRow(start) * Weights.GateRows) + unit,
            DGatesRow = Weights.GateRows,
            DGatesStride = blocks.PaddedUnits,
        };
        CellKernels.Backward(Weights.Cell, tile);
    }

    /// <summary>Over the segments of a sequence, in order.</summary>
    private void Sum(float* rows, float* sums, int p, int count)
    {
        float* to = sums + ((nint)p * count);
        new Span<float>(to, count).Clear();
        RowMath.AddColumnSums(rows + (NearRow(p) * count), count, _segments, to, count);
    }

    private void BackwardStates(float* gradients)
    {
        for (int first = 0; first < _sequences; first += TimeLoop.MostRows)
        {
            int rows = Math.Min(TimeLoop.MostRows, _sequences - first);
            _team.Run(new StateGradientJob(this, first, rows), Work(rows, Weights.Units));
            _team.Run(new RecurrentWeightJob(this, first, rows, gradients), Work(rows, Weights.Units));
        }
        _transfer.Drop(_dropout, DStateH, StateRow, _sequences, Weights.Units);
        for (int p = 0; p < _sequences && IsGru; p++)
            RowMath.Add(_passed.Pointer + ((nint)p * StateRow), DStateH + ((nint)p * StateRow), Weights.Units);
    }

    // Multiply-adds over the width of a vector: the product's time in moved floats.
    private long Work(int rows, int columns) => (long)rows * columns * Weights.GateRows / 16;

    private readonly struct BackwardJob(DecoderLayer layer) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = layer.ShareSequences(part, parts);
            int few = Math.Max(1, TileRows / layer._segments);
            for (; start < end; start += few)
                layer.BackwardSequences(start, Math.Min(end, start + few));
        }
    }

    private readonly struct InputGradientJob(DecoderLayer layer, float* dX, nint dXRow) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            LayerWeights weights = layer.Weights;
            (int start, int end) = WorkerTeam.Share(layer._count * layer._segments, part, parts, 4);
            float* d = layer._dGates.Pointer + ((nint)start * weights.GateRows);
            Gemm.Panels(0, Gemm.Panels(weights.InputSize), weights.InputSize, end - start, d, weights.GateRows,
                weights.InputBackPanels, weights.GateRows, dX + (start * dXRow), dXRow, accumulate: false);
        }
    }

    private readonly struct InputWeightJob(DecoderLayer layer, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            float* x = layer._x + ((nint)layer._first * layer._segments * layer._xRow);
            layer.Weights.AddInputGradients(layer._dGates.Pointer, layer._count * layer._segments, x, layer._xRow, gradients, part, parts);
        }
    }

    private readonly struct StateGradientJob(DecoderLayer layer, int first, int rows) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            LayerWeights weights = layer.Weights;
            (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.Units), part, parts);
            float* d = layer.RecurrentSums + ((nint)first * weights.GateRows), dh = layer.DStateH + ((nint)first * layer.StateRow);
            Gemm.Panels(start, end, weights.Units, rows, d, weights.GateRows, weights.RecurrentBackPanels, weights.GateRows,
                dh, layer.StateRow, accumulate: false);
        }
    }

    private readonly struct RecurrentWeightJob(DecoderLayer layer, int first, int rows, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            LayerWeights weights = layer.Weights;
            nint at = (nint)first * weights.GateRows;
            float* sums = layer._sums.Pointer + at, recurrentSums = layer.RecurrentSums + at;
            float* h = layer.StateSource + ((nint)first * layer.StateRow);
            weights.AddRecurrentGradients(recurrentSums, rows, h, layer.StateRow, gradients, part, parts);
            weights.AddBiasGradients(sums, recurrentSums, rows, gradients, part, parts);
        }
    }
}
