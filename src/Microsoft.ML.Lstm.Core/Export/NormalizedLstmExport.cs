namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// The LSTM with layer normalisation (Ba, Kiros and Hinton 2016), which ONNX has no operator for: the formulas of its layer, once for all
/// steps where they do not need the state, and as the body of a loop where they do (Scan). Where a graph can have no loops the steps are
/// written one by one.
/// </summary>
/// <param name="graph">Where it is written.</param>
/// <param name="parameters">The parameters.</param>
/// <param name="units">H.</param>
internal sealed class NormalizedLstmExport(IOnnxGraph graph, NetworkParameters parameters, int units)
{
    private const int Gates = 4;

    /// <summary>One layer.</summary>
    /// <param name="x">[T, B, I].</param>
    /// <param name="sequences">What is known of the sequences.</param>
    /// <param name="initial">[directions, B, H].</param>
    /// <param name="suffixes">The endings of the parameters' names, one for each direction.</param>
    /// <returns>Outputs [T, B, directions·H], and the final state.</returns>
    public (string Outputs, LayerState Final) Run(string x, in ExportedSequences sequences, LayerState initial, string[] suffixes)
    {
        // 1 while a sequence lasts, [T, B, 1].
        string mask = sequences.Lengths.Length == 0 ? ""
            : graph.Unsqueeze(graph.Op("Less", graph.Unsqueeze(graph.Range(graph.Size(x, 0)), 1),
            graph.Unsqueeze(graph.Cast(sequences.Lengths, OnnxType.Int64), 0)), 2);
        List<string> outputs = [], h = [], c = [];
        for (int direction = 0; direction < suffixes.Length; direction++)
        {
            string suffix = suffixes[direction], fromInput = FromInput(x, suffix);
            string h0 = Begin(initial.H, direction, sequences.Batch), c0 = Begin(initial.C, direction, sequences.Batch);
            (string output, string lastH, string lastC) = graph is OnnxGraph file
                ? Loop(file, suffix, direction, fromInput, mask, h0, c0)
                : Unroll(suffix, direction, fromInput, sequences.Steps, h0, c0);
            outputs.Add(output);
            h.Add(graph.Unsqueeze(lastH, 0));
            c.Add(graph.Unsqueeze(lastC, 0));
        }
        return (graph.Concat(2, [.. outputs]), new LayerState(graph.Concat(0, [.. h]), graph.Concat(0, [.. c])));
    }

    /// <summary>γₓ ⊙ N(x·W_ihᵀ) + b_ih + b_hh of all steps: [T, B, 4, H].</summary>
    private string FromInput(string x, string suffix)
    {
        float[] biases = [.. parameters.Values("rnn.bias_ih" + suffix).Zip(parameters.Values("rnn.bias_hh" + suffix), (a, b) => a + b)];
        string product = graph.Reshape(graph.MatMul(x, parameters.Transposed("rnn.weight_ih" + suffix)), 0, 0, Gates, units);
        return graph.Add(graph.Multiply(Normalize(graph, product, 3), parameters.As("rnn.norm_ih" + suffix, Gates, units)),
            graph.Tensor("rnn.bias" + suffix, biases, Gates, units));
    }

    private string Begin(string state, int direction, string batch) => state.Length > 0
        ? graph.At(state, direction, 0)
        : graph.Expand(graph.Number(0f), batch, graph.Integers(units));

    private (string Outputs, string H, string C) Loop(OnnxGraph outer, string suffix, int direction, string fromInput, string mask,
        string h0, string c0)
    {
        OnnxGraph body = outer.CreateBody();
        string h = body.Input("h_before", OnnxType.Float, "batch", units), c = body.Input("c_before", OnnxType.Float, "batch", units);
        string a = body.Input("a", OnnxType.Float, "batch", Gates, units);
        (string nextH, string nextC) = new Step(parameters, outer, suffix, units).Write(body, h, c, a);
        if (mask.Length > 0)
        {
            string lasts = body.Input("lasts", OnnxType.Bool, "batch", 1);
            (nextH, nextC) = (body.Where(lasts, nextH, h), body.Where(lasts, nextC, c));
        }
        body.Output("h_after", nextH, OnnxType.Float, "batch", units);
        body.Output("c_after", nextC, OnnxType.Float, "batch", units);
        body.Output("h_step", nextH, OnnxType.Float, "batch", units);
        string[] scanned = mask.Length > 0 ? [fromInput, mask] : [fromInput];
        string[] found = outer.Node("Scan", [h0, c0, .. scanned], 3, ("body", body), ("num_scan_inputs", scanned.Length),
            ("scan_input_directions", [.. scanned.Select(_ => (long)direction)]), ("scan_output_directions", [direction]));
        return (found[2], found[0], found[1]);
    }

    private (string Outputs, string H, string C) Unroll(string suffix, int direction, string fromInput, int? steps, string h, string c)
    {
        int count = steps ?? throw new InvalidOperationException("The sequences' length is not known; expected it, since this graph has no loops.");
        var step = new Step(parameters, graph, suffix, units);
        string[] outputs = new string[count];
        for (int i = 0; i < count; i++)
        {
            int t = direction == 0 ? i : count - 1 - i;
            (h, c) = step.Write(graph, h, c, graph.At(fromInput, t, 0));
            outputs[t] = graph.Unsqueeze(h, 0);
        }
        return (graph.Concat(0, outputs), h, c);
    }

    /// <summary>N(v): mean 0 and variance 1 over the last axis.</summary>
    private static string Normalize(IOnnxGraph graph, string value, int axis)
    {
        string centred = graph.Subtract(value, graph.Reduce("Mean", value, axis));
        string variance = graph.Reduce("Mean", graph.Multiply(centred, centred), axis);
        return graph.Divide(centred, graph.Op("Sqrt", graph.Add(variance, graph.Number(1e-5f))));
    }

    /// <summary>One step; the parameters are tensors of the graph around the loop.</summary>
    private sealed class Step(NetworkParameters parameters, IOnnxGraph outer, string suffix, int units)
    {
        private readonly string _recurrent = parameters.Transposed("rnn.weight_hh" + suffix),
            _gain = parameters.As("rnn.norm_hh" + suffix, Gates, units);
        private readonly string _cellGain = parameters.As("rnn.norm_c" + suffix), _cellShift = parameters.As("rnn.norm_c_bias" + suffix);
        private readonly string[] _gates = [.. Enumerable.Range(0, Gates).Select(gate => outer.Number((long)gate))];

        public (string H, string C) Write(IOnnxGraph graph, string h, string c, string a)
        {
            string fromState = Normalize(graph, graph.Reshape(graph.MatMul(h, _recurrent), 0, Gates, units), 2);
            string sum = graph.Add(a, graph.Multiply(fromState, _gain));
            string i = Gate("Sigmoid", 0), f = Gate("Sigmoid", 1), g = Gate("Tanh", 2), o = Gate("Sigmoid", 3);
            string cell = graph.Add(graph.Multiply(f, c), graph.Multiply(i, g));
            string shown = graph.Add(graph.Multiply(Normalize(graph, cell, 1), _cellGain), _cellShift);
            return (graph.Multiply(o, graph.Op("Tanh", shown)), cell);

            string Gate(string activation, int gate) => graph.Op(activation, graph.Gather(sum, _gates[gate], 1));
        }
    }
}
