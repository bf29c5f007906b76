using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>The annotation that names the numbers of a vector column.</summary>
internal static class SlotNames
{
    // Nobody reads a million names, and a window's length in a file could ask for gigabytes of them.
    private const int Most = 1 << 20;
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
    public static void AddTo(DataViewSchema.Annotations.Builder builder, IReadOnlyCollection<string> names) => AddTo(builder, names.Count, () => names);

    /// <summary>Writes the annotation; of more than 2²⁰ slots none. The names are made when somebody asks for them.</summary>
    public static void AddTo(DataViewSchema.Annotations.Builder builder, int count, Func<IEnumerable<string>> names)
    {
        if (count > Most)
            return;
        builder.Add(Kind, new VectorDataViewType(TextDataViewType.Instance, count), (ref VBuffer<ReadOnlyMemory<char>> destination) =>
            VectorValue.Set<ReadOnlyMemory<char>>(names().Select(name => name.AsMemory()).ToArray(), ref destination));
    }

    /// <summary>The annotation alone.</summary>
    public static DataViewSchema.Annotations Of(IEnumerable<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddTo(builder, [.. names]);
        return builder.ToAnnotations();
    }
}
