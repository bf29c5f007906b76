namespace Microsoft.ML.Lstm.Rows;

/// <summary>The checks that every row makes before it hands out a getter.</summary>
internal static class Getters
{
    /// <exception cref="ArgumentOutOfRangeException">The column was not asked for when the cursor was opened.</exception>
    public static void RequireActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), Invariant($"Column '{column.Name}' is not active in this cursor; expected one of those it was opened for."));
    }

    /// <exception cref="InvalidOperationException">The column holds values of another type.</exception>
    public static ValueGetter<TValue> As<TValue>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException(Invariant($"Column '{column.Name}' was read as '{typeof(TValue)}'; expected '{column.Type.RawType}'."));
}
