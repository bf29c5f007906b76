using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Export;

/// <summary>A graph of ONNX (GraphProto): of a file, or of a loop in it, which also sees the values of the graph around it.</summary>
internal sealed class OnnxGraph : IOnnxGraph
{
    private const int GraphNode = 1, GraphName = 2, GraphInitializer = 5, GraphInput = 11, GraphOutput = 12;
    private readonly OnnxGraph? _around;
    private readonly Dictionary<string, int> _names;
    private readonly List<ProtobufMessage> _nodes = [], _tensors = [], _inputs = [], _outputs = [];

    public OnnxGraph() => _names = [];

    private OnnxGraph(OnnxGraph around) => (_around, _names) = (around, around._names);

    public bool HasLoops => true;

    /// <summary>The graph of a loop's body: its names differ from all others, and its tensors are kept in the graph around it.</summary>
    public OnnxGraph CreateBody() => new(this);

    /// <summary>Adds an input; a dimension is a size or a name.</summary>
    /// <returns>Its name: the one given, if it is not taken.</returns>
    public string Input(string name, OnnxType type, params object[] shape)
    {
        string unique = Unique(name);
        _inputs.Add(ValueInfo(unique, type, shape));
        return unique;
    }

    /// <summary>Gives a value out under a name of its own: the one given, if it is not taken.</summary>
    public void Output(string name, string value, OnnxType type, params object[] shape)
    {
        string unique = Unique(name);
        _nodes.Add(Node("Identity", [value], [unique], []));
        _outputs.Add(ValueInfo(unique, type, shape));
    }

    public string Tensor<T>(string name, T[] values, params int[] shape)
    {
        if (_around is not null)
            return _around.Tensor(name, values, shape);
        string unique = Unique(name);
        _tensors.Add(TensorMessage(unique, values, shape));
        return unique;
    }

    /// <summary>Gives an input a value that it has where a caller leaves it out.</summary>
    public void Default<T>(string input, T[] values, params int[] shape) => _tensors.Add(TensorMessage(input, values, shape));

    public string[] Node(string op, string[] inputs, int outputs, params OnnxAttribute[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Unique(op))];
        _nodes.Add(Node(op, inputs, names, attributes));
        return names;
    }

    /// <summary>As ONNX's GraphProto.</summary>
    public ProtobufMessage ToMessage() =>
        new ProtobufMessage().AddAll(GraphNode, _nodes).Add(GraphName, _around is null ? "model" : Unique("body"))
        .AddAll(GraphInitializer, _tensors).AddAll(GraphInput, _inputs).AddAll(GraphOutput, _outputs);

    private static ProtobufMessage Node(string op, string[] inputs, string[] outputs, OnnxAttribute[] attributes)
    {
        const int Input = 1, Output = 2, Name = 3, Operator = 4, Attribute = 5, Domain = 7;
        var message = new ProtobufMessage();
        foreach (string input in inputs)
            message.Add(Input, input);
        foreach (string output in outputs)
            message.Add(Output, output);
        if (op == IOnnxGraph.LabelEncoder)
            message.Add(Domain, IOnnxGraph.MachineLearningDomain);
        return message.Add(Name, outputs[0]).Add(Operator, op).AddAll(Attribute, attributes.Select(attribute => attribute.ToMessage()));
    }

    private static ProtobufMessage TensorMessage<T>(string name, T[] values, int[] shape)
    {
        const int Dimension = 1, Type = 2, Text = 6, Name = 8, Raw = 9;
        var message = new ProtobufMessage();
        foreach (int size in shape)
            message.Add(Dimension, size);
        message.Add(Type, (long)TypeOf<T>()).Add(Name, name);
        if (values is string[] texts)
            foreach (string text in texts)
                message.Add(Text, Encoding.UTF8.GetBytes(text));
        else
            message.Add(Raw, Bytes(values));
        return message;
    }

    private static ReadOnlySpan<byte> Bytes<T>(T[] values) => values switch
    {
        float[] numbers => LittleEndian(numbers),
        double[] numbers => LittleEndian(numbers),
        int[] numbers => LittleEndian(numbers),
        long[] numbers => LittleEndian(numbers),
        _ => MemoryMarshal.AsBytes<bool>((bool[])(object)values),
    };

    private static ReadOnlySpan<byte> LittleEndian<T>(T[] values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            SafetensorsReader.ReverseBytes<T>(values = [.. values]);
        return MemoryMarshal.AsBytes<T>(values);
    }

    private static OnnxType TypeOf<T>() =>
        typeof(T) == typeof(float) ? OnnxType.Float
        : typeof(T) == typeof(double) ? OnnxType.Double
        : typeof(T) == typeof(int) ? OnnxType.Int32
        : typeof(T) == typeof(long) ? OnnxType.Int64
        : typeof(T) == typeof(bool) ? OnnxType.Bool
        : OnnxType.String;

    private static ProtobufMessage ValueInfo(string name, OnnxType type, object[] shape)
    {
        const int Name = 1, Type = 2, TensorType = 1, ElementType = 1, Shape = 2, Dimension = 1, Size = 1, Symbol = 2;
        ProtobufMessage dimensions = new ProtobufMessage().AddAll(Dimension, shape.Select(size =>
            size is string symbol ? new ProtobufMessage().Add(Symbol, symbol) : new ProtobufMessage().Add(Size, (int)size)));
        ProtobufMessage tensor = new ProtobufMessage().Add(ElementType, (long)type).Add(Shape, dimensions);
        return new ProtobufMessage().Add(Name, name).Add(Type, new ProtobufMessage().Add(TensorType, tensor));
    }

    private string Unique(string name)
    {
        int before = _names.GetValueOrDefault(name);
        _names[name] = before + 1;
        return before == 0 ? name : Unique(Invariant($"{name}.{before}"));
    }
}
