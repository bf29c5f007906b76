namespace Microsoft.ML.Data;

/// <summary>One added column: what it is, the input columns it reads and how its getter is made over a row.</summary>
internal sealed record MappedColumn(DataViewSchema.DetachedColumn Column, int[] Sources, Func<DataViewRow, Delegate> MakeGetter);

/// <summary>Added columns that are independent of one another.</summary>
internal sealed class ColumnMapper(MappedColumn[] columns) : IRowMapper
{
    public DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. columns.Select(c => c.Column)];

    public IEnumerable<int> GetSources(int added) => columns[added].Sources;

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> active) =>
        [.. columns.Select((c, i) => active(i) ? c.MakeGetter(input) : null)];
}
