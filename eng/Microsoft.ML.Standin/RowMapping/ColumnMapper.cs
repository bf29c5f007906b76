namespace Microsoft.ML.Data;

/// <summary>Added columns that are independent of one another.</summary>
internal sealed class ColumnMapper(MappedColumn[] columns) : IRowMapper
{
    public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. columns.Select(c => c.Column)];

    public IEnumerable<int> GetSources(int added) => columns[added].Sources;

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> active) =>
        [.. columns.Select((c, i) => active(i) ? c.MakeGetter(input) : null)];
}
