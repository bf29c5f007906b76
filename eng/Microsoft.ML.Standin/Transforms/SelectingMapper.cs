using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Shows some columns of the input under new indices.</summary>
internal sealed class SelectingMapper : IRowToRowMapper
{
    private readonly int[] _sources;

    public SelectingMapper(DataViewSchema inputSchema, DataViewSchema.Column[] kept)
    {
        _sources = [.. kept.Select(c => c.Index)];
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(kept);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(c => _sources[c.Index])];
        return InputSchema.Where(c => needed.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        return new Row(this, input, [.. activeColumns.Select(c => c.Index)]);
    }

    private sealed class Row(SelectingMapper mapper, DataViewRow input, HashSet<int> active) : DataViewRow
    {
        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column), $"Column '{column.Name}' is not active.");
            return input.GetGetter<TValue>(input.Schema[mapper._sources[column.Index]]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
