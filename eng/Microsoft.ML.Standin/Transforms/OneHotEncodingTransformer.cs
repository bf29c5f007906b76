using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The transformers of the steps; saved, it is just those.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly ITransformer _steps;

    internal OneHotEncodingTransformer(ITransformer steps) => _steps = steps;

    bool ITransformer.IsRowToRowMapper => _steps.IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _steps.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => _steps.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _steps.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _steps.Save(ctx);
}
