using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that adds columns, each computed from one row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(IHost host) => Host = host;

    private protected IHost Host { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeMapper(inputSchema, nameof(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        Host.CheckValue(input, nameof(input));
        return new MappedDataView(input, MakeMapper(input.Schema, nameof(input)));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => MakeMapper(inputSchema, nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    private protected abstract IRowMapper MakeRowMapper(DataViewSchema schema);

    private RowToRowMapper MakeMapper(DataViewSchema inputSchema, string paramName)
    {
        Host.CheckValue(inputSchema, paramName);
        return new RowToRowMapper(inputSchema, MakeRowMapper(inputSchema));
    }
}
