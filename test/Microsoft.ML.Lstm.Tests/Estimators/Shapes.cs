using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Tests.Estimators;

/// <summary>Shapes as ML.NET makes them of schemas, and as a test wants them.</summary>
internal static class Shapes
{
    public static SchemaShape Of(DataViewSchema schema) => Create(null, schema);

    /// <summary>One line per column that says all there is to its shape.</summary>
    public static string[] Describe(SchemaShape shape) => [.. shape.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c =>
        $"{c.Name}: {c.Kind} {c.ItemType} key={c.IsKey} [{string.Join("; ", Describe(c.Annotations))}]")];

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod)]
    private static extern SchemaShape Create(SchemaShape? type, DataViewSchema schema);
}
