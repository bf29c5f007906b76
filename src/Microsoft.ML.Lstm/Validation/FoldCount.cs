using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Validation;

/// <summary>Refuses numbers of folds that data cannot be cut into.</summary>
internal static class FoldCount
{
    private const string Parameter = "numberOfFolds";

    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds.</exception>
    public static void Check(IExceptionContext context, int numberOfFolds)
    {
        if (numberOfFolds < 2)
            throw context.Process(new ArgumentOutOfRangeException(Parameter, Invariant($"{Parameter} is {numberOfFolds}; expected 2 or more.")));
    }

    /// <summary>There are more folds than the rows allow.</summary>
    public static Exception TooMany(IExceptionContext context, int numberOfFolds, string why) =>
        context.Process(new ArgumentOutOfRangeException(Parameter, Invariant($"{Parameter} is {numberOfFolds}, and {why}.")));
}
