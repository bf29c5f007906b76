using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

/// <summary>A transformer made of public API alone: appends Plus = Value + 1, row by row, and counts the rows it computes.</summary>
internal sealed class AddOne : ITransformer
{
    public int Computed { get; private set; }

    public bool IsRowToRowMapper { get; init; } = true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _ = inputSchema["Value"];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn("Plus", NumberDataViewType.Single);
        return builder.ToSchema();
    }

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    public IDataView Transform(IDataView input) => throw new NotSupportedException("Rows are mapped one at a time here.");

    public void Save(ModelSaveContext ctx) => throw new NotSupportedException("Public API cannot save a transformer.");

    private sealed class Mapper(AddOne parent, DataViewSchema input) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema { get; } = parent.GetOutputSchema(input);

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => input;

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
            => new Row(parent, input, OutputSchema);
    }

    private sealed class Row(AddOne parent, DataViewRow input, DataViewSchema schema) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index < input.Schema.Count)
                return input.GetGetter<TValue>(input.Schema[column.Index]);
            ValueGetter<float> value = input.GetGetter<float>(input.Schema["Value"]);
            return (ValueGetter<TValue>)(Delegate)(ValueGetter<float>)((ref float plus) =>
            {
                value(ref plus);
                plus++;
                parent.Computed++;
            });
        }
    }
}
