namespace Microsoft.ML.Data;

/// <summary>The columns a transformer adds to a given input schema, each computed from the row it stands in.</summary>
internal interface IRowMapper
{
    DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>The indices of the input columns that the given added column reads.</summary>
    IEnumerable<int> GetSources(int added);

    /// <summary>A <see cref="ValueGetter{TValue}"/> for every active added column; null for the others.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> active);
}
