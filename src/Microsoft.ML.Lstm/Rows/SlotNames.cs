using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>The annotation that names the numbers of a vector column.</summary>
internal static class SlotNames
{
    private const string Kind = "SlotNames";

    /// <summary>A vector column's shape will carry this annotation.</summary>
    public static SchemaShape Shape { get; } =
        new([SchemaShapes.Column(Kind, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance)]);

    /// <summary>The annotation.</summary>
    public static DataViewSchema.Annotations Of(IEnumerable<string> names)
    {
        ReadOnlyMemory<char>[] values = [.. names.Select(n => n.AsMemory())];
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Kind, new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref VBuffer<ReadOnlyMemory<char>> destination) => VectorValue.Set<ReadOnlyMemory<char>>(values, ref destination));
        return builder.ToAnnotations();
    }
}
