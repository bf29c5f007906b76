using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>ML.NET's conversion of a pipeline to ONNX, as one of our transformers writes into it: columns in, columns out, nodes
/// between.</summary>
internal sealed class OnnxConversion : IOnnxGraph
{
    // ML.NET keeps the names of values and of columns in one table; no column is called so.
    private const string Prefix = "lstm.";
    private readonly OnnxContext _context;
    private readonly string _transformer;

    public OnnxConversion(OnnxContext context, string transformer, IDataView source)
    {
        (_context, _transformer) = (context, transformer);
        context.CheckOpSetVersion(IOnnxGraph.Opset, transformer);
        RequireWhole(source);
    }

    public bool HasLoops => false;

    /// <summary>The value of a column of the rows before.</summary>
    /// <exception cref="NotSupportedException">A step before, which makes the column, does not convert.</exception>
    public string Column(string name) => _context.ContainsColumn(name)
        ? _context.GetVariableName(name)
        : throw Refusal(Invariant($"its column '{name}' is made by a step that does not convert; expected one that does"));

    /// <summary>Makes a value the column of that name.</summary>
    /// <param name="type">The column's type, which says the value's shape: [rows, …].</param>
    /// <param name="name">The column.</param>
    /// <param name="value">The value.</param>
    public void Output(DataViewType type, string name, string value)
    {
        string variable = _context.AddIntermediateVariable(type, name);
        _context.CreateNode("Identity", value, variable, _context.GetNodeName("Identity"), "");
    }

    /// <summary>What to throw where a transformer cannot be a graph.</summary>
    /// <param name="reason">Why, and what was expected.</param>
    public NotSupportedException Refusal(string reason) => new(Invariant(
        $"{_transformer} cannot be converted to ONNX within this pipeline, since {reason}. The network with its scaling, labels and names is saved by transformer.SaveOnnx(path)."));

    public string Tensor<T>(string name, T[] values, params int[] shape)
    {
        name = Prefix + name;
        long[] dimensions = [.. shape.Select(size => (long)size)];
        if (shape.Length == 0)
            return Scalar(name, values[0]);
        return values switch
        {
            float[] v => _context.AddInitializer(v, dimensions, name),
            double[] v => _context.AddInitializer(v, dimensions, name),
            long[] v => _context.AddInitializer(v, dimensions, name),
            int[] v => _context.AddInitializer(v, typeof(int), dimensions, name),
            bool[] v => _context.AddInitializer(v, dimensions, name),
            _ => _context.AddInitializer((string[])(object)values, dimensions, name),
        };
    }

    public string[] Node(string op, string[] inputs, int outputs, params OnnxAttribute[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => _context.AddIntermediateVariable(null, Prefix + op, skip: true))];
        OnnxNode node = _context.CreateNode(op, inputs, names, _context.GetNodeName(op), op == IOnnxGraph.LabelEncoder
            ? IOnnxGraph.MachineLearningDomain : "");
        foreach (OnnxAttribute attribute in attributes)
            Add(node, attribute);
        return names;
    }

    private static void Add(OnnxNode node, OnnxAttribute attribute)
    {
        switch (attribute.Value)
        {
            case long integer:
                node.AddAttribute(attribute.Name, integer);
                break;
            case long[] integers:
                node.AddAttribute(attribute.Name, integers);
                break;
            case string text:
                node.AddAttribute(attribute.Name, text);
                break;
            case string[] texts:
                node.AddAttribute(attribute.Name, texts);
                break;
            default:
                throw new NotSupportedException(Invariant($"Attribute '{attribute.Name}' is {attribute.Value.GetType().Name}; expected numbers or texts."));
        }
    }

    private string Scalar<T>(string name, T value) => value switch
    {
        float v => _context.AddInitializer(v, name),
        double v => _context.AddInitializer(v, name),
        long v => _context.AddInitializer(v, name),
        int v => _context.AddInitializer(v, typeof(int), name),
        bool v => _context.AddInitializer(v, name),
        _ => _context.AddInitializer((string)(object)value!, name),
    };

    // ML.NET goes on from the data's first columns where a step does not convert. One that such a step replaced would be read as it was before.
    private void RequireWhole(IDataView source)
    {
        IDataView view = source;
        while (view is ITransformCanSaveOnnx step && step.CanSaveOnnx(_context))
            view = step.Source;
        IDataView first = view;
        while (first is IDataTransform step)
            first = step.Source;
        foreach (DataViewSchema.Column column in view.Schema)
            if (column.IsHidden && !(column.Index < first.Schema.Count && first.Schema[column.Index].IsHidden))
                throw Refusal(Invariant($"a step before it replaces column '{column.Name}' and does not convert; expected steps that do"));
    }
}
