using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>The classes that the keys of a label column stand for.</summary>
/// <param name="Count">Number of keys.</param>
/// <param name="Values">What the keys stand for; null if the column does not say.</param>
internal sealed record LabelClasses(int Count, KeyValues? Values)
{
    /// <summary>Their names: the keys' values, or their numbers.</summary>
    public IReadOnlyList<string> Names => Values?.Texts ?? [.. Enumerable.Range(1, Count).Select(key => Invariant($"{key}"))];

    /// <summary>The classes of a column.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="column">The column.</param>
    /// <param name="key">The type of its keys.</param>
    public static LabelClasses Of(IExceptionContext context, DataViewSchema.Column column, KeyDataViewType key) =>
        new(KeyCardinality.Of(context, ILabelColumn.Role, column, key), KeyValues.Of(context, ILabelColumn.Role, column));

    /// <summary>The classes of a model.</summary>
    public static LabelClasses Of(ModelClasses classes) => new(classes.ClassCount, classes.ToKeyValues());

    /// <summary>Refuses a column of other data whose classes are not these, in the same order.</summary>
    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="column">The column.</param>
    /// <param name="others">Its classes.</param>
    /// <param name="source">Whose these classes are.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not; names the column and the first class that differs.</exception>
    public void RequireSame(IExceptionContext context, DataViewSchema.Column column, LabelClasses others, string source = "the training data")
    {
        IReadOnlyList<string> own = Names, found = others.Names;
        int at = 0;
        while (at < own.Count && at < found.Count && own[at] == found[at])
            at++;
        if (at == own.Count && at == found.Count)
            return;
        string expected = at < own.Count ? Invariant($"'{own[at]}'") : "no more", got = at < found.Count ? Invariant($"'{found[at]}'") : "no more";
        throw SchemaMismatch.IllTyped(context, ILabelColumn.Role, column.Name,
            Invariant($"the {Count} classes of {source}, in the same order"), Invariant($"{column.Type}, whose class {at + 1} is {got} where {expected} was expected"));
    }
}
