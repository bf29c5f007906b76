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
            if (training.Holds(example))
                counts[classOf(example)]++;
        training.Share?.Sum(counts);
        return RequireTwo(context, counts, names, column, "training row");
    }

    /// <summary>Counts the steps of each class; those without a label are not counted.</summary>
    /// <exception cref="InvalidOperationException">All steps are of one class; names it and the column.</exception>
    public static long[] OfSteps(IExceptionContext context, SequenceDataset training, IReadOnlyList<string> names, string column)
    {
        long[] counts = new long[names.Count];
        for (int example = 0; example < training.Count; example++)
            foreach (int label in training.Holds(example) ? training.Classes(example) : [])
                if (label >= 0)
                    counts[label]++;
        training.Share?.Sum(counts);
        return RequireTwo(context, counts, names, column, "labelled step");
    }

    private static long[] RequireTwo(IExceptionContext context, long[] counts, IReadOnlyList<string> names, string column, string what)
    {
        long all = counts.Sum();
        int only = Array.IndexOf(counts, all);
        return only < 0 ? counts : throw context.Process(new InvalidOperationException(
            Invariant($"Column '{column}' has the class '{names[only]}' in {(all == 1 ? "" : "all ")}{Plural.Of(all, what)}; expected at least 2 classes to tell apart.")));
    }
}
