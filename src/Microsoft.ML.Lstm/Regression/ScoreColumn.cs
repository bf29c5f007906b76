using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Regression;

/// <summary>The column of predicted numbers. Saved with the model.</summary>
/// <param name="Size">Numbers per row.</param>
/// <param name="IsScalar">Whether the column is <c>Single</c>, which ML.NET's evaluator wants, not a vector of one.</param>
/// <param name="SlotNames">Names of the numbers of a vector; none where each step has its own.</param>
/// <param name="IsDifference">Whether the network's outputs are differences from the sequence's last value.</param>
/// <param name="IsEveryStep">Whether there is a score for each step, so that the length of the vector varies.</param>
internal sealed record ScoreColumn(int Size, bool IsScalar, IReadOnlyList<string> SlotNames, bool IsDifference, bool IsEveryStep)
{
    /// <summary>Name of the column.</summary>
    public const string Name = "Score";

    /// <summary>The score for a label: its type and names, times the quantiles.</summary>
    public static ScoreColumn For(NumberLabel label, IReadOnlyList<float> quantiles, bool isDifference)
    {
        if (label.IsEveryStep)
            return new ScoreColumn(0, IsScalar: false, [], isDifference, IsEveryStep: true);
        IEnumerable<string> names = label.SlotNames.Count == label.Size ? label.SlotNames : Enumerable.Range(0, label.Size).Select(i => Invariant($"{label.Name}{i}"));
        if (quantiles.Count > 1)
            names = names.SelectMany(name => quantiles.Select(q => Invariant($"{name} q{q}")));
        return new ScoreColumn(label.Size * Math.Max(1, quantiles.Count), label.IsScalar && quantiles.Count <= 1, [.. names], isDifference, IsEveryStep: false);
    }

    /// <summary>The column as a schema has it.</summary>
    public DataViewSchema.DetachedColumn ToColumn() => IsScalar ? new DataViewSchema.DetachedColumn(Name, NumberDataViewType.Single)
        : IsEveryStep ? new DataViewSchema.DetachedColumn(Name, new VectorDataViewType(NumberDataViewType.Single))
        : new DataViewSchema.DetachedColumn(Name, new VectorDataViewType(NumberDataViewType.Single, Size), Rows.SlotNames.Of(SlotNames));
}
