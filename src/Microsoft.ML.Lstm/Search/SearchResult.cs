using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm;

/// <summary>What a search found. Immutable.</summary>
/// <typeparam name="TModel">The model.</typeparam>
public class SearchResult<TModel>
    where TModel : class, ITransformer
{
    internal SearchResult(TModel model, IReadOnlyList<SearchRung> trials, SearchRung best, SearchEnd end) =>
        (Model, Trials, Best, End) = (model, trials, best, end);

    /// <summary>The best model.</summary>
    public TModel Model { get; }

    /// <summary>Every training of every trial, in the order in which they were made.</summary>
    public IReadOnlyList<SearchRung> Trials { get; }

    /// <summary>
    /// The training whose score is the best, of the last of each trial; never worse than that of the options as they were given.
    /// </summary>
    public SearchRung Best { get; }

    /// <summary>Why the search ended.</summary>
    public SearchEnd End { get; }

    /// <summary>
    /// The trials as data: columns of the names of <see cref="SearchRung"/>'s properties, <see cref="SearchRung.Values"/> left out.
    /// </summary>
    public IDataView ToDataView() => new MLContext().Data.LoadFromEnumerable(Trials, SchemaDefinition.Create(typeof(SearchRung)));

    /// <summary>How many trials there were, and the best of them.</summary>
    public override string ToString() =>
        Invariant($"{Plural.Of(Trials.Select(rung => rung.Trial).Distinct().Count(), "trial")}, ")
        + Invariant($"{Plural.Of(Trials.Count, "training")} ({End}); the best is {Best}");
}
