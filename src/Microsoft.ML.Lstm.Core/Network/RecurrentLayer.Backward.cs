using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

internal sealed unsafe partial class RecurrentLayer
{
    public void SetFinalGradient(float* dFinalH, float* dFinalC, nint dFinalRow) => _dState.SetFinal(dFinalH, dFinalC, dFinalRow);

    public void Backward(float* dOutput, nint dOutputRow, float* dX, nint dXRow, float* gradients)
    {
        _dState.Begin(_batch.SequenceCount, dOutput, dOutputRow);
        BackwardByChunks(dX, dXRow, gradients);
    }

    public void BackwardFromFinal(float* dFinal, nint dFinalRow, float* dX, nint dXRow, float* gradients)
    {
        _dState.BeginFromFinal(_batch.SequenceCount, dFinal, dFinalRow);
        BackwardByChunks(dX, dXRow, gradients);
    }

    /// <summary>
    /// Chunk by chunk of steps, from the last: the weights' gradients take up the gates' gradients while those are in cache. Chunks follow from the
    /// batch's shape alone, as they sway the order of the sums.
    /// </summary>
    private void BackwardByChunks(float* dX, nint dXRow, float* gradients)
    {
        for (_lastStep = _batch.StepCount; _lastStep > 0; _lastStep = _firstStep)
        {
            _firstStep = StartOfChunk(_lastStep);
            _dGates.Reserve((long)ChunkRowCount * Weights.GateRows);
            if (Weights.Cell == CellKind.Gru)
                _dRecurrentGates.Reserve((long)ChunkRowCount * Weights.GateRows);
            _loop.Backward(_batch, _firstStep, _lastStep, SplitBySequence);
            if (dX != null)
                _team.Run(new InputGradientJob(this, dX, dXRow));
            GatherPreviousStates();
            _team.Run(new WeightGradientJob(this, gradients));
        }
    }

    private int StartOfChunk(int lastStep)
    {
        if (_keepsGradients)
            return 0;
        int first = lastStep - 1;
        while (first > 0 && _batch.Offsets[lastStep] - _batch.Offsets[first - 1] <= Gemm.DepthBlock)
            first--;
        return first;
    }

    void ITimeStep.BackwardCells(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        GateBlocks blocks = Weights.Blocks;
        nint row = _batch.Offsets[t] + rowStart, dRow = row - ChunkRow;
        for (int block = blockStart; block < blockEnd; block++)
        {
            int unit = block * blocks.BlockUnits;
            var tile = new CellGradientTile
            {
                Rows = rows,
                Width = blocks.Width(block),
                Gates = _gates.Pointer + (row * blocks.Columns) + (blocks.FirstPanel(block) * Gemm.PanelWidth),
                GatesRow = blocks.Columns,
                PreviousH = _hidden.Pointer + (_batch.RowOfState(rowStart, t - 1) * StateRow) + unit,
                H = _hidden.Pointer + (_batch.RowOfState(rowStart, t) * StateRow) + unit,
                HRow = StateRow,
                PreviousC = _cells.Pointer + (_batch.RowOfState(rowStart, t - 1) * StateRow) + unit,
                C = _cells.Pointer + (_batch.RowOfState(rowStart, t) * StateRow) + unit,
                CRow = StateRow,
                DOutput = _dState.DOutput + (row * _dState.DOutputRow) + unit,
                DOutputRow = _dState.DOutputRow,
                DH = _dState.DH + ((nint)rowStart * StateRow) + unit,
                DC = _dState.DC + ((nint)rowStart * StateRow) + unit,
                DStateRow = StateRow,
                DGates = _dGates.Pointer + (dRow * Weights.GateRows) + unit,
                DRecurrentGates = _dRecurrentGates.Pointer + (dRow * Weights.GateRows) + unit,
                DGatesRow = Weights.GateRows,
                DGatesStride = blocks.PaddedUnits,
            };
            CellKernels.Backward(Weights.Cell, tile);
        }
    }

    /// <summary>dh' = d·W_hh, plus for the GRU what passed the gates by; through the dropout mask if there is one.</summary>
    void ITimeStep.BackwardState(int t, int rowStart, int rows, int blockStart, int blockEnd)
    {
        bool direct = Weights.Cell == CellKind.Gru;
        float* d = RecurrentGateGradients + ((nint)(_batch.Offsets[t] - ChunkRow + rowStart) * Weights.GateRows);
        int first = blockStart * Weights.Blocks.BlockUnits / Gemm.PanelWidth;
        int last = Math.Min(Gemm.Panels(Weights.Units), Gemm.Panels(blockEnd * Weights.Blocks.BlockUnits));
        float* dh = _dState.DH + ((nint)rowStart * StateRow);
        float* to = _mask.IsActive ? _mask.Scratch + ((nint)rowStart * StateRow) : dh;
        Gemm.Panels(first, last, Weights.Units, rows, d, Weights.GateRows, Weights.RecurrentBackPanels, Weights.GateRows, to,
            StateRow, direct && !_mask.IsActive);
        if (_mask.IsActive)
            _mask.ApplyBackward(rowStart, rows, first * Gemm.PanelWidth, (last - first) * Gemm.PanelWidth, dh, direct);
    }

    private void RunInputGradient(float* dX, nint dXRow, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(ChunkRowCount, worker, workers, 4);
        Gemm.Panels(0, Gemm.Panels(Weights.InputSize), Weights.InputSize, end - start,
            _dGates.Pointer + ((nint)start * Weights.GateRows), Weights.GateRows,
            Weights.InputBackPanels, Weights.GateRows, dX + ((ChunkRow + start) * dXRow), dXRow, accumulate: false);
    }

    private void RunWeightGradient(float* gradients, int worker, int workers)
    {
        for (int row = 0; row < ChunkRowCount; row += Gemm.DepthBlock)
        {
            int rows = Math.Min(Gemm.DepthBlock, ChunkRowCount - row);
            float* d = _dGates.Pointer + ((nint)row * Weights.GateRows),
                dRecurrent = RecurrentGateGradients + ((nint)row * Weights.GateRows);
            Weights.AddWeightGradients(d, dRecurrent, rows, _x + ((ChunkRow + row) * _xRow), _xRow,
                PreviousStates + ((nint)row * StateRow), StateRow, gradients, worker, workers);
            Weights.AddBiasGradients(d, dRecurrent, rows, gradients, worker, workers);
        }
    }

    private float* RecurrentGateGradients => Weights.Cell == CellKind.Gru ? _dRecurrentGates.Pointer : _dGates.Pointer;

    /// <summary>What W_hh was multiplied with at each row, [N, stride]: in a uniform batch the states themselves, B rows earlier.</summary>
    private float* PreviousStates => _batch.IsUniform ? HiddenSource + ((nint)ChunkRow * StateRow) : _shifted.Pointer;

    private float* HiddenSource => _mask.IsActive ? _mask.Hidden : _hidden.Pointer;

    private void GatherPreviousStates()
    {
        if (_batch.IsUniform)
            return;
        _shifted.Reserve((long)ChunkRowCount * StateRow);
        for (int t = _firstStep; t < _lastStep; t++)
            RowMath.CopyRows(HiddenSource + (_batch.RowOfState(0, t - 1) * StateRow), StateRow,
                _shifted.Pointer + ((nint)(_batch.Offsets[t] - ChunkRow) * StateRow),
                StateRow, _batch.Rows(t), Weights.Units);
    }

    private readonly struct InputGradientJob(RecurrentLayer layer, float* dX, nint dXRow) : IParallelJob
    {
        public void Run(int part, int parts) => layer.RunInputGradient(dX, dXRow, part, parts);
    }

    private readonly struct WeightGradientJob(RecurrentLayer layer, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => layer.RunWeightGradient(gradients, part, parts);
    }
}
