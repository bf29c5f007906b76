namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>The median of measurements.</summary>
internal static class MedianExtensions
{
    /// <summary>The value in the middle; of an even number of them, the larger of the two.</summary>
    public static T Median<T>(this IReadOnlyCollection<T> values) => values.Order().ElementAt(values.Count / 2);
}
