using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition, SchemaDefinition outputSchemaDefinition)
        : base(env.Register("CustomMappingEstimator"),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(c => c.Name);
        foreach (DataViewSchema.Column needed in Transformer.NeededSchema)
        {
            if (!result.TryGetValue(needed.Name, out SchemaShape.Column found))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", needed.Name);
            SchemaShape.GetColumnTypeShape(needed.Type, out SchemaShape.Column.VectorKind kind, out DataViewType itemType, out bool isKey);
            bool fits = kind == found.Kind
                || (kind == SchemaShape.Column.VectorKind.VariableVector && found.Kind == SchemaShape.Column.VectorKind.Vector);
            if (!fits || isKey != found.IsKey || !itemType.Equals(found.ItemType))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", needed.Name, needed.Type.ToString(), found.GetTypeString());
        }
        foreach (SchemaShape.Column added in SchemaShape.Create(Transformer.AddedSchema))
            result[added.Name] = added;
        return new SchemaShape(result.Values);
    }
}
