using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// The annotation that <c>WindowSequence</c> leaves on its columns of windows and labels, a <see cref="WindowAnnotation"/> as JSON. It goes with the
/// column through copies, filters and caches.
/// </summary>
internal static class WindowAnnotations
{
    private const string Kind = "WindowSequence";

    /// <summary>The shape of the annotation.</summary>
    public static SchemaShape.Column Shape { get; } =
        SchemaShapes.Column(Kind, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance);

    /// <summary>Writes the annotation.</summary>
    public static void AddTo(DataViewSchema.Annotations.Builder builder, WindowAnnotation annotation)
    {
        ReadOnlyMemory<char> text = JsonSerializer.Serialize(annotation).AsMemory();
        builder.Add(Kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = text);
    }

    /// <summary>Reads the annotation of a column of windows or labels.</summary>
    /// <returns>Whether the column has it, that is, comes from <c>WindowSequence</c>.</returns>
    public static bool TryRead(DataViewSchema.Column column, out WindowAnnotation annotation)
    {
        annotation = null!;
        if (column.Annotations.Schema.GetColumnOrNull(Kind)?.Type is not TextDataViewType)
            return false;
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(Kind, ref text);
        annotation = JsonSerializer.Deserialize<WindowAnnotation>(text.Span, SavedJson.Options)!;
        return true;
    }
}
