namespace Microsoft.ML.Data;

internal static class SchemaExtensions
{
    public static bool TryGetColumnIndex(this DataViewSchema schema, string name, out int column)
    {
        column = schema.GetColumnOrNull(name)?.Index ?? -1;
        return column >= 0;
    }
}
