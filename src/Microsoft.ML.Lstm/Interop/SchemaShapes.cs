using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>Creates what an estimator promises of its output: ML.NET lets anyone read a column's shape, but only itself make one.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="kind">Whether the column is a scalar, a vector of known size or one of varying size.</param>
    /// <param name="itemType">The type of one item; of a key, its underlying type.</param>
    /// <param name="isKey">Whether the items are keys.</param>
    /// <param name="annotations">The annotations the column will carry (slot names, key values); none if null.</param>
    public static SchemaShape.Column Column(
        string name,
        SchemaShape.Column.VectorKind kind,
        DataViewType itemType,
        bool isKey = false,
        SchemaShape? annotations = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(itemType);
        return NewColumn(name, kind, itemType, isKey, annotations);
    }

    /// <summary>The shape of a schema: what an estimator is told before there is data.</summary>
    public static SchemaShape Of(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Create(null, schema);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape? annotations);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern SchemaShape Create(SchemaShape? type, DataViewSchema schema);
}
