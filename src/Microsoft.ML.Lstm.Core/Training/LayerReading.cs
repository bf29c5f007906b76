using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>Reads a layer's trace after a pass over a batch.</summary>
internal static unsafe class LayerReading
{
    private const float Closed = 0.05f, Open = 0.95f;

    public static LayerObservation Of(LayerTrace trace, SequenceBatch batch, int layer, int direction) => new()
    {
        Layer = layer,
        Direction = direction,
        GradientNorms = GradientNorms(trace, batch),
        Gates = Gates(trace, batch),
        DeadUnits = trace.Weights.Cell == CellKind.RnnRelu ? DeadUnits(trace, batch) : 0,
        Units = trace.Weights.Units,
    };

    private static double[] GradientNorms(LayerTrace trace, SequenceBatch batch)
    {
        double[] squares = new double[batch.Lengths[batch.SequenceCount / 2]];
        int[] counts = new int[squares.Length];
        for (int t = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
            {
                int back = batch.Lengths[p] - 1 - t;
                if (back >= squares.Length)
                    continue;
                float* d = trace.GateGradients + (batch.Row(p, t) * trace.GateGradientsRow);
                for (int gate = 0; gate < trace.Weights.Gates; gate++)
                    squares[back] += RowMath.SumOfSquares(d + (gate * trace.Weights.Blocks.PaddedUnits), trace.Weights.Units);
                counts[back]++;
            }
        for (int back = 0; back < squares.Length; back++)
            squares[back] = Math.Sqrt(squares[back] / counts[back]);
        return squares;
    }

    private static GateObservation[] Gates(LayerTrace trace, SequenceBatch batch) => trace.Weights.Cell switch
    {
        CellKind.Lstm =>
        [
            Gate(trace, batch, 0, "input gate"),
            Gate(trace, batch, 1, "forget gate", holdsState: true),
            Gate(trace, batch, 3, "output gate"),
        ],
        CellKind.Gru => [Gate(trace, batch, 0, "reset gate"), Gate(trace, batch, 1, "update gate", holdsState: true)],
        CellKind.RnnTanh => [State(trace, batch)],
        _ => [],
    };

    private static GateObservation Gate(LayerTrace trace, SequenceBatch batch, int slot, string name, bool holdsState = false)
    {
        int[] columns = [.. Enumerable.Range(0, trace.Weights.Units).Select(unit => trace.Weights.Blocks.Column(unit, slot))];
        return Count(trace.Gates, trace.Weights.Blocks.Columns, batch, columns, Closed, Open, name, holdsState);
    }

    private static GateObservation State(LayerTrace trace, SequenceBatch batch) => Count(
        trace.Hidden, trace.HiddenRow, batch, [.. Enumerable.Range(0, trace.Weights.Units)], -Open, Open, "state", holdsState: false);

    private static GateObservation Count(
        float* values, nint row, SequenceBatch batch, int[] columns, float low, float high, string name, bool holdsState)
    {
        int[] counts = new int[columns.Length];
        for (int r = 0; r < batch.RowCount; r++)
        {
            float* value = values + (r * row);
            for (int unit = 0; unit < columns.Length; unit++)
                counts[unit] += value[columns[unit]] < low || value[columns[unit]] > high ? 1 : 0;
        }
        double saturated = counts.Average() / batch.RowCount;
        double always = counts.Count(count => count == batch.RowCount) / (double)columns.Length;
        return new GateObservation(name, saturated, always, holdsState);
    }

    private static int DeadUnits(LayerTrace trace, SequenceBatch batch)
    {
        bool[] alive = new bool[trace.Weights.Units];
        for (int r = 0; r < batch.RowCount; r++)
            for (int unit = 0; unit < alive.Length; unit++)
                alive[unit] |= trace.Hidden[(r * trace.HiddenRow) + unit] != 0;
        return alive.Count(unit => !unit);
    }
}
