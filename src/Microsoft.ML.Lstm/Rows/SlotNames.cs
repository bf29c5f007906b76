using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>The annotation that names the numbers of a vector column.</summary>
internal static class SlotNames
{
    private const string Kind = "SlotNames";

    /// <summary>A vector column's shape will carry this annotation.</summary>
    public static SchemaShape.Column Shape { get; } =
        SchemaShapes.Column(Kind, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance);

    /// <summary>Reads the annotation; empty if a column has none.</summary>
    public static IReadOnlyList<string> Read(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return [];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(Kind, ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    /// <summary>Writes the annotation.</summary>
    public static void AddTo(DataViewSchema.Annotations.Builder builder, IEnumerable<string> names)
    {
        ReadOnlyMemory<char>[] values = [.. names.Select(n => n.AsMemory())];
        builder.Add(Kind, new VectorDataViewType(TextDataViewType.Instance, values.Length),
            (ref VBuffer<ReadOnlyMemory<char>> destination) => VectorValue.Set<ReadOnlyMemory<char>>(values, ref destination));
    }

    /// <summary>The annotation alone.</summary>
    public static DataViewSchema.Annotations Of(IEnumerable<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddTo(builder, names);
        return builder.ToAnnotations();
    }
}
