using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// The weights of one recurrent layer in one direction, packed for the kernels from the parameter block. Immutable between two calls of
/// <see cref="Pack"/>; any number of scorers may share it.
/// </summary>
internal sealed unsafe class LayerWeights
{
    private readonly ParameterSlice _weightIh, _weightHh, _biasIh, _biasHh;
    private readonly int[] _inputRows, _recurrentRows;
    private readonly FloatBuffer _bias;
    private readonly FloatBuffer? _inputBack, _recurrentBack;

    public LayerWeights(NetworkSpec spec, ParameterLayout layout, int layer, int direction, bool forTraining,
        WeightPrecision precision, string prefix = "rnn.")
    {
        string suffix = ParameterLayout.Suffix(layer, direction);
        (_weightIh, _weightHh) = (layout[prefix + "weight_ih" + suffix], layout[prefix + "weight_hh" + suffix]);
        (_biasIh, _biasHh) = (layout[prefix + "bias_ih" + suffix], layout[prefix + "bias_hh" + suffix]);
        Cell = spec.Cell;
        InputSize = _weightIh.Shape[1];
        Blocks = new GateBlocks(spec.HiddenSizes[layer], CellKernels.Slots(spec.Cell), gateByGate: spec.LayerNormalization);
        Gates = ParameterLayout.Gates(spec.Cell);
        (_inputRows, _recurrentRows) = (SourceRows(recurrent: false), SourceRows(recurrent: true));
        (Input, Recurrent) = (new PackedMatrix(_inputRows, InputSize, precision), new PackedMatrix(_recurrentRows, Units, precision));
        _bias = new FloatBuffer(Blocks.Columns);
        if (forTraining)
        {
            _inputBack = new FloatBuffer((long)Gemm.Stride(InputSize) * GateRows);
            _recurrentBack = new FloatBuffer((long)Gemm.Stride(Units) * GateRows);
        }
    }

    public CellKind Cell { get; }

    /// <summary>I, values that enter at a step.</summary>
    public int InputSize { get; }

    /// <summary>H.</summary>
    public int Units => Blocks.Units;

    /// <summary>4, 3 or 1.</summary>
    public int Gates { get; }

    /// <summary>The columns of the recurrent product.</summary>
    public GateBlocks Blocks { get; }

    /// <summary>Columns of the gate gradients: gates × padded units.</summary>
    public int GateRows => Gates * Blocks.PaddedUnits;

    /// <summary>W_ih in panels for the forward pass.</summary>
    public PackedMatrix Input { get; }

    /// <summary>W_hh in panels for the forward pass.</summary>
    public PackedMatrix Recurrent { get; }

    /// <summary>b_ih + b_hh in the gates' columns.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>W_ih in panels for the backward pass, [panels of I][gate rows][32].</summary>
    public float* InputBackPanels => _inputBack!.Pointer;

    /// <summary>W_hh in panels for the backward pass, [panels of H][gate rows][32].</summary>
    public float* RecurrentBackPanels => _recurrentBack!.Pointer;

    /// <summary>Bytes of W_hh, which a step of the time loop streams through.</summary>
    public long RecurrentBytes => Recurrent.Bytes;

    /// <summary>Packs a worker's share.</summary>
    public void Pack(float* block, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Blocks.PanelCount, worker, workers);
        Input.Pack(block + _weightIh.Offset, start, end);
        Recurrent.Pack(block + _weightHh.Offset, start, end);
        if (worker == 0)
            PackBias(block + _biasIh.Offset, block + _biasHh.Offset);
        if (_inputBack is null)
            return;
        PackBack(block + _weightIh.Offset, InputSize, InputBackPanels, worker, workers);
        PackBack(block + _weightHh.Offset, Units, RecurrentBackPanels, worker, workers);
    }

    /// <summary>Writes W_ih and W_hh to where they lie in the whole block.</summary>
    public void Unpack(float* block)
    {
        Input.Unpack(block + _weightIh.Offset);
        Recurrent.Unpack(block + _weightHh.Offset);
    }

    /// <summary>
    /// A worker's share of dW_ih += Dᵀ·X and dW_hh += D'ᵀ·H over <paramref name="rows"/> rows. D and D' are gate by gate, with padded units;
    /// the rows of each gate are shared out.
    /// </summary>
    public void AddWeightGradients(float* d, float* dRecurrent, int rows, float* x, nint xRow, float* h, nint hRow, float* gradients,
        int worker, int workers)
    {
        for (int gate = 0; gate < Gates; gate++)
        {
            AddGateGradients(gate, d, rows, x, xRow, gradients + _weightIh.Offset, InputSize, worker, workers);
            AddGateGradients(gate, dRecurrent, rows, h, hRow, gradients + _weightHh.Offset, Units, worker, workers);
        }
    }

    /// <summary>The share of dW_ih alone.</summary>
    public void AddInputGradients(float* d, int rows, float* x, nint xRow, float* gradients, int worker, int workers)
    {
        for (int gate = 0; gate < Gates; gate++)
            AddGateGradients(gate, d, rows, x, xRow, gradients + _weightIh.Offset, InputSize, worker, workers);
    }

    /// <summary>The share of dW_hh alone.</summary>
    public void AddRecurrentGradients(float* dRecurrent, int rows, float* h, nint hRow, float* gradients, int worker, int workers)
    {
        for (int gate = 0; gate < Gates; gate++)
            AddGateGradients(gate, dRecurrent, rows, h, hRow, gradients + _weightHh.Offset, Units, worker, workers);
    }

    /// <summary>A worker's share of db_ih += Σ D and db_hh += Σ D'. Where D' is D, as everywhere but in the GRU, the two are always equal.</summary>
    public void AddBiasGradients(float* d, float* dRecurrent, int rows, float* gradients, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Units, worker, workers);
        for (int gate = 0; gate < Gates; gate++)
        {
            int column = (gate * Blocks.PaddedUnits) + start, row = (gate * Units) + start;
            float* biasIh = gradients + _biasIh.Offset + row, biasHh = gradients + _biasHh.Offset + row;
            RowMath.AddColumnSums(d + column, GateRows, rows, biasIh, end - start);
            if (d == dRecurrent)
                new ReadOnlySpan<float>(biasIh, end - start).CopyTo(new Span<float>(biasHh, end - start));
            else
                RowMath.AddColumnSums(dRecurrent + column, GateRows, rows, biasHh, end - start);
        }
    }

    private void AddGateGradients(int gate, float* d, int rows, float* x, nint xRow, float* gradients, int columns, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Units, worker, workers);
        Gemm.AddTransposed(start, end, columns, rows, d + (gate * Blocks.PaddedUnits), GateRows, x, xRow,
            gradients + ((nint)gate * Units * columns), columns);
    }

    private void PackBias(float* biasIh, float* biasHh)
    {
        for (int column = 0; column < Blocks.Columns; column++)
        {
            int x = _inputRows[column], h = _recurrentRows[column];
            Bias[column] = (x < 0 ? 0 : biasIh[x]) + (h < 0 ? 0 : biasHh[h]);
        }
    }

    private void PackBack(float* w, int columns, float* panels, int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(Gemm.Panels(columns), worker, workers);
        for (int panel = start; panel < end; panel++)
            for (int gate = 0; gate < Gates; gate++)
            {
                float* to = panels + ((((nint)panel * GateRows) + (gate * Blocks.PaddedUnits)) * Gemm.PanelWidth);
                Packing.Panel(panel, w + ((nint)gate * Units * columns), Units, columns, to);
            }
    }

    /// <summary>Row of W_ih or W_hh behind each column of the recurrent product, −1 where there is none.</summary>
    private int[] SourceRows(bool recurrent)
    {
        int[] rows = new int[Blocks.Columns];
        Array.Fill(rows, -1);
        for (int slot = 0; slot < Blocks.Slots; slot++)
        {
            int gate = SlotGate(slot, recurrent);
            for (int unit = 0; gate >= 0 && unit < Units; unit++)
                rows[Blocks.Column(unit, slot)] = (gate * Units) + unit;
        }
        return rows;
    }

    /// <summary>The gate in a slot. The GRU's n has two: slot 2 takes only x's part, slot 3 only h's.</summary>
    private int SlotGate(int slot, bool recurrent) =>
        Cell != CellKind.Gru || slot < 2 ? slot : slot == (recurrent ? 3 : 2) ? 2 : -1;
}
