using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>How many values a key column has, as far as a network can have an embedding or an output for each.</summary>
internal static class KeyCardinality
{
    private const ulong Most = 1 << 24;

    /// <exception cref="ArgumentOutOfRangeException">There are too many.</exception>
    public static int Of(IExceptionContext context, string role, DataViewSchema.Column column, KeyDataViewType key) => key.Count <= Most
        ? (int)key.Count
        : throw SchemaMismatch.IllTyped(context, role, column.Name, Invariant($"keys of at most {Most} values"), column.Type.ToString()!);
}
