namespace Microsoft.ML.Lstm.Columns;

/// <summary>What an estimator does to a shape.</summary>
internal static class SchemaShapeExtensions
{
    /// <summary>The shape with these columns, each in the place of the one of its name, or at the end.</summary>
    public static SchemaShape With(this SchemaShape schema, params ReadOnlySpan<SchemaShape.Column> columns)
    {
        List<SchemaShape.Column> all = [.. schema];
        foreach (SchemaShape.Column column in columns)
        {
            int place = all.FindIndex(c => c.Name == column.Name);
            if (place < 0)
                all.Add(column);
            else
                all[place] = column;
        }
        return new SchemaShape(all);
    }
}
