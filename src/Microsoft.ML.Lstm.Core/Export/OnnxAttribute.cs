namespace Microsoft.ML.Lstm.Export;

/// <summary>A node's attribute.</summary>
/// <param name="Name">Its name, as the operator says it.</param>
/// <param name="Value">A <see cref="long"/>, a list of them, a <see cref="string"/>, a list of them, or the graph of a loop's body.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    public static implicit operator OnnxAttribute((string Name, long Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, long[] Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, string Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, string[] Value) pair) => new(pair.Name, pair.Value);

    public static implicit operator OnnxAttribute((string Name, OnnxGraph Value) pair) => new(pair.Name, pair.Value);

    /// <summary>As ONNX's AttributeProto.</summary>
    public ProtobufMessage ToMessage()
    {
        const int Name = 1, Integer = 3, Text = 4, Graph = 6, Integers = 8, Texts = 9, Type = 20;
        ProtobufMessage message = new ProtobufMessage().Add(Name, this.Name);
        switch (Value)
        {
            case long integer:
                return message.Add(Integer, integer).Add(Type, 2);
            case string text:
                return message.Add(Text, text).Add(Type, 3);
            case OnnxGraph graph:
                return message.Add(Graph, graph.ToMessage()).Add(Type, 5);
            case long[] integers:
                foreach (long integer in integers)
                    message.Add(Integers, integer);
                return message.Add(Type, 7);
            default:
                foreach (string text in (string[])Value)
                    message.Add(Texts, text);
                return message.Add(Type, 8);
        }
    }
}
