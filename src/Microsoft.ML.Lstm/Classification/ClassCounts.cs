using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>How many training examples each class has.</summary>
internal static class ClassCounts
{
    /// <summary>Counts the examples of each class.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="training">The examples.</param>
    /// <param name="classOf">The class of an example.</param>
    /// <param name="names">Name of each class.</param>
    /// <param name="column">Name of the label column.</param>
    /// <exception cref="InvalidOperationException">All examples are of one class; names it and the column.</exception>
    public static long[] Of(IExceptionContext context, SequenceDataset training, Func<int, int> classOf, IReadOnlyList<string> names, string column)
    {
        long[] counts = new long[names.Count];
        for (int example = 0; example < training.Count; example++)
            counts[classOf(example)]++;
        int only = Array.IndexOf(counts, training.Count);
        return only < 0 ? counts : throw context.Process(new InvalidOperationException(
            $"Column '{column}' has the class '{names[only]}' in all {training.Count} training rows; expected at least 2 classes to tell apart."));
    }
}
