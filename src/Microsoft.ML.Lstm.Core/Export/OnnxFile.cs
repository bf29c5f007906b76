namespace Microsoft.ML.Lstm.Export;

/// <summary>A file of ONNX (ModelProto): one graph, who wrote it, and texts beside it.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Description">What the model is.</param>
/// <param name="Metadata">Texts for whoever reads the file.</param>
internal sealed record OnnxFile(OnnxGraph Graph, string Description, IReadOnlyList<(string Key, string Value)> Metadata)
{
    // The first with opset 12; 4 and later let an input have a default.
    private const int Version = 7;

    /// <summary>Writes the file.</summary>
    /// <exception cref="NotSupportedException">It would be longer than ONNX allows, 2 GiB.</exception>
    public void Write(Stream stream)
    {
        const int IrVersion = 1, Producer = 2, ProducerVersion = 3, Text = 6, GraphField = 7, Opset = 8, Properties = 14, Key = 1,
            Value = 2;
        try
        {
            ProtobufMessage message = new ProtobufMessage()
                .Add(IrVersion, Version)
                .Add(Producer, "Microsoft.ML.Lstm")
                .Add(ProducerVersion, typeof(OnnxFile).Assembly.GetName().Version!.ToString(3))
                .Add(Text, Description)
                .Add(GraphField, Graph.ToMessage())
                .Add(Opset, new ProtobufMessage().Add(1, "").Add(2, 12))
                .Add(Opset, new ProtobufMessage().Add(1, IOnnxGraph.MachineLearningDomain).Add(2, 2))
                .AddAll(Properties, Metadata.Select(pair => new ProtobufMessage().Add(Key, pair.Key).Add(Value, pair.Value)));
            stream.Write(message.Bytes);
        }
        catch (Exception e) when (e is OutOfMemoryException or OverflowException)
        {
            throw new NotSupportedException("The model takes more than 2 GiB as ONNX; expected less, which is the most that the format holds in one file.", e);
        }
    }
}
