using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The schema shape of an estimator that makes each of its columns from one input column.</summary>
internal static class ShapeMapping
{
    public static SchemaShape Apply(
        IExceptionContext ctx,
        SchemaShape inputSchema,
        IEnumerable<(string outputColumnName, string inputColumnName)> pairs,
        Func<SchemaShape.Column, string, SchemaShape.Column> map)
    {
        ctx.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(c => c.Name);
        foreach ((string output, string input) in pairs)
        {
            if (!inputSchema.TryFindColumn(input, out SchemaShape.Column source))
                throw ctx.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            result[output] = map(source, output);
        }
        return new SchemaShape(result.Values);
    }

    public static SchemaShape Keep(this SchemaShape.Column source, params string[] kinds) =>
        new(source.Annotations.Where(a => kinds.Contains(a.Name)));

    public static SchemaShape With(this SchemaShape annotations, params SchemaShape.Column[] added) => new(annotations.Concat(added));

    public static SchemaShape.Column NormalizedFlag { get; } = new(
        AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static SchemaShape.Column Values(string kind, DataViewType itemType, bool isKey = false) =>
        new(kind, SchemaShape.Column.VectorKind.Vector, itemType, isKey);
}
