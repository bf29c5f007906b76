using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// The recurrent layers, by ONNX's LSTM, GRU (with the reset after the recurrent product) and RNN; layer normalisation, which those do not
/// have, is spelled out by <see cref="NormalizedLstmExport"/>. Everything between layers is time-major, [T, B, directions·H].
/// </summary>
/// <param name="graph">Where it is written.</param>
/// <param name="spec">The architecture.</param>
/// <param name="parameters">The parameters.</param>
internal sealed class RecurrentLayersExport(IOnnxGraph graph, NetworkSpec spec, NetworkParameters parameters)
{
    /// <summary>The final state of each layer that was run.</summary>
    public List<LayerState> Final { get; } = [];

    /// <summary>All layers, one after the other.</summary>
    /// <param name="x">What enters the first: [T, B, I].</param>
    /// <param name="sequences">What is known of the sequences.</param>
    /// <param name="initial">The initial state of each layer.</param>
    /// <param name="prefix">Of the parameters' names.</param>
    /// <returns>The last layer's outputs: [T, B, directions·H].</returns>
    public string Run(string x, in ExportedSequences sequences, Func<int, LayerState> initial, string prefix = "rnn.")
    {
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
            x = RunLayer(layer, x, sequences, initial(layer), prefix);
        return x;
    }

    /// <summary>What the output layer reads of a network with one output: the last layer's final state, [B, directions·H].</summary>
    public string Last() => spec.Bidirectional
        ? graph.Reshape(graph.Transpose(Final[^1].H, 1, 0, 2), 0, spec.TopSize)
        : graph.Squeeze(Final[^1].H, 0);

    /// <summary>The endings of a layer's parameter names.</summary>
    public string[] Suffixes(int layer) =>
        [.. Enumerable.Range(0, spec.Directions).Select(direction => ParameterLayout.Suffix(layer, direction))];

    private string RunLayer(int layer, string x, in ExportedSequences sequences, LayerState initial, string prefix)
    {
        string[] suffixes = Suffixes(layer);
        if (spec.LayerNormalization)
        {
            (string outputs, LayerState state) = new NormalizedLstmExport(graph, parameters, spec.HiddenSizes[layer]).Run(x, sequences,
                initial, suffixes);
            Final.Add(state);
            return outputs;
        }
        string name = Invariant($"{prefix}l{layer}");
        string weights = parameters.Gates(name + ".W", prefix + "weight_ih", suffixes),
            recurrent = parameters.Gates(name + ".R", prefix + "weight_hh", suffixes);
        string biases = parameters.Biases(name + ".B", prefix + "bias_ih", prefix + "bias_hh", suffixes);
        bool isLstm = spec.Cell == CellKind.Lstm;
        string[] inputs = [x, weights, recurrent, biases, sequences.Lengths, initial.H, initial.C];
        inputs = inputs[..(isLstm ? 7 : 6)];
        string[] found = graph.Node(Operator, inputs[..(Array.FindLastIndex(inputs, input => input.Length > 0) + 1)], isLstm ? 3 : 2,
            [.. Attributes(layer)]);
        Final.Add(new LayerState(found[1], isLstm ? found[2] : ""));
        return spec.Bidirectional ? graph.Reshape(graph.Transpose(found[0], 0, 2, 1, 3), 0, 0, 2 * spec.HiddenSizes[layer])
            : graph.Squeeze(found[0], 1);
    }

    private string Operator => spec.Cell switch { CellKind.Lstm => "LSTM", CellKind.Gru => "GRU", _ => "RNN" };

    private IEnumerable<OnnxAttribute> Attributes(int layer)
    {
        yield return ("hidden_size", (long)spec.HiddenSizes[layer]);
        if (spec.Bidirectional)
            yield return ("direction", "bidirectional");
        if (spec.Cell == CellKind.Gru)
            yield return ("linear_before_reset", 1L);
        if (spec.Cell == CellKind.RnnRelu)
            yield return ("activations", Enumerable.Repeat("Relu", spec.Directions).ToArray());
    }
}
