using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Regression;

/// <summary>The column of predicted numbers.</summary>
internal static class ScoreColumn
{
    /// <summary>Name of the column.</summary>
    public const string Name = "Score";

    /// <summary>The values for a label: its type and names, times the quantiles.</summary>
    public static ScoreValues For(NumberLabel label, IReadOnlyList<float> quantiles)
    {
        if (label.IsEveryStep)
            return new ScoreValues(0, IsScalar: false, [], IsDifference: false, IsEveryStep: true);
        IEnumerable<string> names = label.SlotNames.Count == label.Size ? label.SlotNames : Enumerable.Range(0, label.Size).Select(i => Invariant($"{label.Name}{i}"));
        if (quantiles.Count > 1)
            names = names.SelectMany(name => quantiles.Select(q => Invariant($"{name} q{q}")));
        int size = label.Size * Math.Max(1, quantiles.Count);
        return new ScoreValues(size, label.IsScalar && quantiles.Count <= 1, [.. names], IsDifference: false, IsEveryStep: false);
    }

    /// <summary>The column as a schema has it.</summary>
    public static DataViewSchema.DetachedColumn Of(ScoreValues values) => values.IsScalar ? new DataViewSchema.DetachedColumn(Name, NumberDataViewType.Single)
        : values.IsEveryStep ? new DataViewSchema.DetachedColumn(Name, new VectorDataViewType(NumberDataViewType.Single))
        : new DataViewSchema.DetachedColumn(Name, new VectorDataViewType(NumberDataViewType.Single, values.Size), SlotNames.Of(values.SlotNames));
}
