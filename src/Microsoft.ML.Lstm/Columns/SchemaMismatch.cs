using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>The exceptions with which ML.NET answers a schema that does not fit: same types, same parameter name, same words first.</summary>
internal static class SchemaMismatch
{
    private const string Parameter = "inputSchema";

    /// <summary>A column is not there.</summary>
    public static Exception Missing(IExceptionContext context, string role, string name, IEnumerable<string> found) => context.Process(
        new ArgumentOutOfRangeException(Parameter, Invariant($"Could not find {role} column '{name}'; the data has {Listed(found)}.")));

    /// <summary>A column is of another type.</summary>
    public static Exception IllTyped(IExceptionContext context, string role, string name, string expected, string found) => context.Process(
        new ArgumentOutOfRangeException(Parameter, Invariant($"Schema mismatch for {role} column '{name}': expected {expected}, got {found}{Advice(name, found)}")));

    /// <summary>The column of that name.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw Missing(context, role, name, schema.Where(c => !c.IsHidden).Select(c => c.Name));

    /// <summary>The shape of the column of that name.</summary>
    public static SchemaShape.Column Find(IExceptionContext context, SchemaShape schema, string role, string name)
    {
        foreach (SchemaShape.Column column in schema)
            if (column.Name == name)
                return column;
        throw Missing(context, role, name, schema.Select(c => c.Name));
    }

    /// <summary>A column's shape, as ML.NET writes types.</summary>
    public static string Describe(this SchemaShape.Column column)
    {
        string item = column.IsKey ? Invariant($"Key<{column.ItemType}>") : column.ItemType.ToString()!;
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => item,
            SchemaShape.Column.VectorKind.Vector => Invariant($"Vector<{item}>"),
            _ => Invariant($"VarVector<{item}>"),
        };
    }

    private static string Listed(IEnumerable<string> names)
    {
        string text = string.Join(", ", names.Select(n => Invariant($"'{n}'")));
        return text.Length > 0 ? text : "no column";
    }

    private static string Advice(string name, string found)
    {
        string[] convertible = ["Double", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"];
        string item = found.Split(['<', ',', '>'], StringSplitOptions.RemoveEmptyEntries) is [_, var first, ..] ? first.Trim() : found;
        return !found.Contains("Key", StringComparison.Ordinal) && convertible.Contains(item)
            ? Invariant($"; Conversion.ConvertType(\"{name}\") makes it Single.")
            : ".";
    }
}
