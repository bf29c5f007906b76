using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The input columns and the added ones: a new name comes last, a known name right after the column it hides.</summary>
internal sealed class RowToRowMapper : IRowToRowMapper
{
    private readonly IRowMapper _mapper;
    // Per output column the index of an input column, or the complement of that of an added one.
    private readonly int[] _origins;

    public RowToRowMapper(DataViewSchema inputSchema, IRowMapper mapper)
    {
        _mapper = mapper;
        InputSchema = inputSchema;
        DataViewSchema.DetachedColumn[] added = mapper.GetOutputColumns();
        var columns = inputSchema.Select(c => (Origin: c.Index, Column: new DataViewSchema.DetachedColumn(c))).ToList();
        for (int i = 0; i < added.Length; i++)
        {
            string name = added[i].Name;
            int hidden = columns.FindLastIndex(c => c.Column.Name == name);
            columns.Insert(hidden < 0 ? columns.Count : hidden + 1, (~i, added[i]));
        }
        _origins = [.. columns.Select(c => c.Origin)];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(c => c.Column));
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(c => _origins[c.Index])
            .SelectMany(origin => origin >= 0 ? [origin] : _mapper.GetSources(~origin))];
        return InputSchema.Where(c => needed.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        bool[] active = RowGetters.ActiveColumns(OutputSchema, activeColumns);
        HashSet<int> origins = [.. _origins.Where((_, i) => active[i])];
        return new Row(this, input, active, _mapper.CreateGetters(input, i => origins.Contains(~i)));
    }

    private sealed class Row(RowToRowMapper mapper, DataViewRow input, bool[] active, Delegate[] added) : DataViewRow
    {
        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            this.CheckActive(column);
            int origin = mapper._origins[column.Index];
            return origin >= 0 ? input.GetGetter<TValue>(mapper.InputSchema[origin]) : RowGetters.Typed<TValue>(added[~origin], column);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
