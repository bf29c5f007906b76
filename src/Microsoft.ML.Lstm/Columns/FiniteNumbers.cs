using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>The check that keeps NaN and infinities, from which nothing can be learned, out of training data.</summary>
internal static class FiniteNumbers
{
    /// <exception cref="InvalidOperationException">Names the column, the row and the value.</exception>
    public static void Require(IExceptionContext context, ReadOnlySpan<float> values, string column, long row)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw context.Process(new InvalidOperationException(Invariant(
                    $"Column '{column}' has {values[i]} in row {row}{(values.Length > 1 ? Invariant($", position {i}") : "")}; expected a finite number. ReplaceMissingValues or FilterRowsByMissingValues can take care of missing values.")));
    }

    /// <summary>Whether all are finite.</summary>
    public static bool AreAll(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }
}
