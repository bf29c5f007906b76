using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// A network's parameters as tensors of a graph: matrices turned over where ONNX multiplies from the left, gates in ONNX's order. Ours,
/// PyTorch's, is (i, f, g, o) of the LSTM and (r, z, n) of the GRU; ONNX's is (i, o, f, c) and (z, r, h).
/// </summary>
internal sealed class NetworkParameters
{
    private readonly IOnnxGraph _graph;
    private readonly float[] _weights;
    private readonly string _prefix;
    private readonly int[] _gateOrder;

    public NetworkParameters(IOnnxGraph graph, NetworkScorer network, string prefix)
    {
        (_graph, Layout, _weights, _prefix) = (graph, network.Layout, network.ExportWeights(), prefix);
        _gateOrder = network.Spec.Cell switch { CellKind.Lstm => [0, 3, 1, 2], CellKind.Gru => [1, 0, 2], _ => [0] };
    }

    public ParameterLayout Layout { get; }

    /// <summary>A parameter as it is.</summary>
    public string As(string name, params int[] shape) =>
        _graph.Tensor(_prefix + name, Values(name), shape.Length > 0 ? shape : [.. Layout[name].Shape]);

    /// <summary>A matrix turned over: [rows, columns] becomes [columns, rows].</summary>
    public string Transposed(string name)
    {
        int rows = Layout[name].Shape[0], columns = Layout[name].Shape[1];
        float[] values = Values(name), turned = new float[values.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                turned[(c * rows) + r] = values[(r * columns) + c];
        return _graph.Tensor(_prefix + name, turned, columns, rows);
    }

    /// <summary>One parameter of a layer for ONNX's own operator: [directions, gates·H, …], gates in ONNX's order.</summary>
    public string Gates(string kind, string name, IReadOnlyList<string> suffixes)
    {
        int[] shape = [.. Layout[name + suffixes[0]].Shape];
        float[] values = [.. suffixes.SelectMany(suffix => InOrder(Values(name + suffix)))];
        return _graph.Tensor(_prefix + kind, values, [suffixes.Count, .. shape]);
    }

    /// <summary>The biases of a layer for ONNX's own operator: [directions, 2·gates·H], those of the input first.</summary>
    public string Biases(string kind, string inputName, string stateName, IReadOnlyList<string> suffixes)
    {
        float[] values = [.. suffixes.SelectMany(suffix =>
            InOrder(Values(inputName + suffix)).Concat(InOrder(Values(stateName + suffix))))];
        return _graph.Tensor(_prefix + kind, values, suffixes.Count, values.Length / suffixes.Count);
    }

    /// <summary>The initial states of a layer, [directions, 1, H]; zeros where none are learned.</summary>
    /// <param name="name"><c>rnn.h0</c> or <c>rnn.c0</c>.</param>
    /// <param name="suffixes">The endings of the layer's parameter names.</param>
    /// <param name="units">H.</param>
    public float[] InitialStates(string name, IReadOnlyList<string> suffixes, int units) =>
        [.. suffixes.SelectMany(suffix => Layout.Contains(name + suffix) ? Values(name + suffix) : new float[units])];

    public float[] Values(string name)
    {
        ParameterSlice slice = Layout[name];
        return _weights[slice.Offset..(slice.Offset + slice.Length)];
    }

    private IEnumerable<float> InOrder(float[] values)
    {
        int block = values.Length / _gateOrder.Length;
        return _gateOrder.SelectMany(gate => values.Skip(gate * block).Take(block));
    }
}
