using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The input columns, then the added ones; an added column hides an input column of its name.</summary>
internal sealed class RowToRowMapper : IRowToRowMapper
{
    private readonly IRowMapper _mapper;

    public RowToRowMapper(DataViewSchema inputSchema, IRowMapper mapper)
    {
        _mapper = mapper;
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(mapper.GetOutputColumns());
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = new bool[InputSchema.Count];
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            if (column.Index < needed.Length)
                needed[column.Index] = true;
            else
                foreach (int source in _mapper.GetSources(column.Index - needed.Length))
                    needed[source] = true;
        }
        return InputSchema.Where(c => needed[c.Index]);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.Check(input.Schema.Count == InputSchema.Count,
            $"The row has {input.Schema.Count} columns, but {InputSchema.Count} were expected.");
        var active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in activeColumns)
            active[column.Index] = true;
        int count = InputSchema.Count;
        Delegate[] getters = _mapper.CreateGetters(input, i => active[count + i]);
        return new MappedRow(OutputSchema, input, active, getters);
    }
}
