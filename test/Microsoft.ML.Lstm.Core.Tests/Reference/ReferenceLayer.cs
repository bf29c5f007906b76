using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>A recurrent layer over one sequence: each direction reads all steps, and step t gives [forward h_t, reverse h_t].</summary>
internal sealed class ReferenceLayer(NetworkSpec spec, int layer, Func<string, Parameter?> parameter)
{
    private readonly IReferenceCell[] _cells =
        [.. Enumerable.Range(0, spec.Directions).Select(d => Cell(spec.Cell, name => parameter($"rnn.{name}{ParameterLayout.Suffix(layer, d)}")))];

    private readonly bool _isLast = layer == spec.HiddenSizes.Count - 1;
    private readonly int _units = spec.HiddenSizes[layer];

    /// <summary>
    /// Outputs of all steps, the final state of each direction, and the backward function: gradients of outputs and of the final states (or
    /// null) to those of the inputs.
    /// </summary>
    public (double[][] Outputs, ReferenceState[] Final, Func<double[][], ReferenceState[]?, double[][]> Backward) Forward(
        double[][] x, SequenceOfBatch sequence)
    {
        var runs = new List<(double[][] H, ReferenceState Final, Func<double[][], ReferenceState?, double[][]> Backward)>();
        for (int d = 0; d < spec.Directions; d++)
            runs.Add(Direction(d, x, sequence));
        double[][] y = [.. x.Select((_, t) => runs.SelectMany(run => run.H[t]).ToArray())];
        double[][] masks = _isLast ? [] : sequence.Masks.Layers[layer];
        int[] rows = sequence.Rows;
        if (!_isLast)
            y = [.. y.Select((h, t) => h.Times(masks[rows[t]]))];
        return (y, [.. runs.Select(run => run.Final)], Backward);

        double[][] Backward(double[][] dy, ReferenceState[]? dFinal)
        {
            if (!_isLast)
                dy = [.. dy.Select((d, t) => d.Times(masks[rows[t]]))];
            double[][] dx = [.. x.Select(step => new double[step.Length])];
            for (int d = 0; d < runs.Count; d++)
            {
                double[][] part = runs[d].Backward([.. dy.Select(step => step.Part(d, _units))], dFinal?[d]);
                dx = [.. dx.Zip(part, Vectors.Plus)];
            }
            return dx;
        }
    }

    /// <summary>One direction; h comes in the order of the steps, whichever way they were read.</summary>
    private (double[][] H, ReferenceState Final, Func<double[][], ReferenceState?, double[][]> Backward) Direction(
        int direction, double[][] x, SequenceOfBatch sequence)
    {
        int[] order = [.. Enumerable.Range(0, x.Length)];
        if (direction == 1)
            Array.Reverse(order);
        int index = layer * spec.Directions + direction;
        double[] mask = sequence.Masks.Recurrent[index][sequence.Position];
        ReferenceState state = sequence.Initial?[index][sequence.Position] ?? LearnedOrZero(direction);
        var h = new double[x.Length][];
        var backwards = new StepBackward[x.Length];
        foreach (int t in order)
        {
            (state, backwards[t]) = _cells[direction].Step(x[t], state, mask);
            h[t] = state.H;
        }
        return (h, state, Backward);

        double[][] Backward(double[][] dh, ReferenceState? dFinal)
        {
            var dx = new double[x.Length][];
            ReferenceState d = dFinal ?? ReferenceState.Zero(_units, state.C.Length > 0);
            foreach (int t in order.Reverse())
                (dx[t], d) = backwards[t](d with { H = d.H.Plus(dh[t]) });
            if (sequence.Initial is null)
                LearnedBackward(direction, d);
            return dx;
        }
    }

    private ReferenceState LearnedOrZero(int direction)
    {
        ReferenceState zero = ReferenceState.Zero(_units, spec.Cell == CellKind.Lstm);
        return spec.LearnedInitialState ? new ReferenceState(Initial("h0", direction)!.Vector(), Initial("c0", direction)?.Vector() ?? []) : zero;
    }

    private void LearnedBackward(int direction, ReferenceState d)
    {
        Initial("h0", direction)?.VectorBackward(d.H);
        Initial("c0", direction)?.VectorBackward(d.C);
    }

    private Parameter? Initial(string name, int direction) => parameter($"rnn.{name}{ParameterLayout.Suffix(layer, direction)}");

    internal static IReferenceCell Cell(CellKind kind, Func<string, Parameter?> parameter) => kind switch
    {
        CellKind.Lstm => new ReferenceLstm(parameter),
        CellKind.Gru => new ReferenceGru(parameter),
        _ => new ReferenceRnn(parameter, rectified: kind == CellKind.RnnRelu),
    };
}
