namespace Microsoft.ML.Lstm.Export;

/// <summary>ONNX's operators as methods, so that a graph reads like the formula it is.</summary>
internal static class OnnxOperators
{
    public static string Op(this IOnnxGraph graph, string op, params string[] inputs) => graph.Node(op, inputs, 1)[0];

    public static string Op(this IOnnxGraph graph, string op, string[] inputs, params OnnxAttribute[] attributes) =>
        graph.Node(op, inputs, 1, attributes)[0];

    public static string Add(this IOnnxGraph graph, string a, string b) => graph.Op("Add", a, b);

    public static string Subtract(this IOnnxGraph graph, string a, string b) => graph.Op("Sub", a, b);

    public static string Multiply(this IOnnxGraph graph, string a, string b) => graph.Op("Mul", a, b);

    public static string Divide(this IOnnxGraph graph, string a, string b) => graph.Op("Div", a, b);

    public static string MatMul(this IOnnxGraph graph, string a, string b) => graph.Op("MatMul", a, b);

    public static string Where(this IOnnxGraph graph, string condition, string yes, string no) => graph.Op("Where", condition, yes, no);

    /// <summary>A number that broadcasts.</summary>
    public static string Number<T>(this IOnnxGraph graph, T value) => graph.Tensor("number", [value]);

    /// <summary>A list of whole numbers: a shape, or indices.</summary>
    public static string Integers(this IOnnxGraph graph, params long[] values) => graph.Tensor("integers", values, values.Length);

    /// <summary>Elements along an axis by one index, which takes the axis away; −1 is the last, from opset 11 on.</summary>
    public static string At(this IOnnxGraph graph, string value, long index, long axis) =>
        graph.Op("Gather", [value, graph.Number(index)], ("axis", axis));

    /// <summary>The last elements of an axis, which takes the axis away, in any opset.</summary>
    public static string AtEnd(this IOnnxGraph graph, string value, long axis) => graph.Op(
        "Gather", [value, graph.Subtract(graph.Squeeze(graph.Size(value, axis), 0), graph.Number(1L))], ("axis", axis));

    /// <summary>The last elements of an axis that has as many, in any opset: Slice takes its places as inputs from opset 10 on.</summary>
    public static string AtEnd(this IOnnxGraph graph, string value, long axis, int count)
    {
        string first = graph.Subtract(graph.Size(value, axis), graph.Number((long)count));
        return graph.Gather(value, graph.Add(first, graph.Integers([.. Enumerable.Range(0, count).Select(place => (long)place)])), axis);
    }

    /// <summary>Elements along an axis by a list of indices.</summary>
    public static string Gather(this IOnnxGraph graph, string value, string indices, long axis) =>
        graph.Op("Gather", [value, indices], ("axis", axis));

    /// <summary>Another shape; 0 is the size that is there, −1 what remains.</summary>
    public static string Reshape(this IOnnxGraph graph, string value, params long[] shape) =>
        graph.Op("Reshape", value, graph.Integers(shape));

    public static string Transpose(this IOnnxGraph graph, string value, params long[] order) =>
        graph.Op("Transpose", [value], ("perm", order));

    public static string Squeeze(this IOnnxGraph graph, string value, params long[] axes) => graph.Op("Squeeze", [value], ("axes", axes));

    public static string Unsqueeze(this IOnnxGraph graph, string value, params long[] axes) =>
        graph.Op("Unsqueeze", [value], ("axes", axes));

    public static string Concat(this IOnnxGraph graph, long axis, params string[] values) =>
        values.Length == 1 ? values[0] : graph.Op("Concat", values, ("axis", axis));

    public static string Cast(this IOnnxGraph graph, string value, OnnxType type) => graph.Op("Cast", [value], ("to", (long)type));

    /// <summary>The size of a dimension, as a list of one.</summary>
    public static string Size(this IOnnxGraph graph, string value, long axis) =>
        graph.Gather(graph.Op("Shape", value), graph.Integers(axis), 0);

    public static string Expand(this IOnnxGraph graph, string value, params string[] sizes) =>
        graph.Op("Expand", value, graph.Concat(0, sizes));

    /// <summary>A sum, mean or extreme over axes, which stay as 1.</summary>
    public static string Reduce(this IOnnxGraph graph, string op, string value, params long[] axes) =>
        graph.Op("Reduce" + op, [value], ("axes", axes), ("keepdims", 1));

    /// <summary>0, 1, … up to a count, which is a list of one.</summary>
    public static string Range(this IOnnxGraph graph, string count) =>
        graph.Op("Range", graph.Number(0L), graph.Squeeze(count, 0), graph.Number(1L));

    /// <summary>x·Wᵀ + b over the last axis.</summary>
    public static string Linear(this IOnnxGraph graph, string x, string transposedWeight, string bias) =>
        graph.Add(graph.MatMul(x, transposedWeight), bias);

    /// <summary>Elements of an axis from a place to another, which may be beyond its end; negative ones count from there.</summary>
    public static string Slice(this IOnnxGraph graph, string value, long axis, string from, string to) =>
        graph.Op("Slice", value, from, to, graph.Integers(axis));

    /// <summary>The first elements of an axis, as many as a list of one says.</summary>
    public static string First(this IOnnxGraph graph, string value, long axis, string count) =>
        graph.Slice(value, axis, graph.Integers(0), count);

    /// <summary>The last elements of an axis, at most so many.</summary>
    public static string Last(this IOnnxGraph graph, string value, long axis, long count) =>
        graph.Slice(value, axis, graph.Integers(-count), graph.Integers(long.MaxValue));

    /// <summary>Whether values are neither NaN nor infinite.</summary>
    public static string IsFinite(this IOnnxGraph graph, string value) => graph.Op("Not", graph.Op("IsNaN", graph.Subtract(value, value)));
}
