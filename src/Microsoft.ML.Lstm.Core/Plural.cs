namespace Microsoft.ML.Lstm;

/// <summary>Counts in messages: 1 sequence, 2 sequences.</summary>
internal static class Plural
{
    /// <summary>A count and what is counted.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one.</param>
    /// <param name="many">The word for any other number; null: that for one with an s.</param>
    public static string Of(long count, string one, string? many = null) => Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");
}
