using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

public sealed class TokenizingByCharactersEstimator : TrivialEstimator<TokenizingByCharactersTransformer>
{
    internal const bool DefaultUseMarkerCharacters = true;

    internal TokenizingByCharactersEstimator(
        IHostEnvironment env, string outputColumnName, string inputColumnName, bool useMarkerCharacters)
        : base(env.Register(nameof(TokenizingByCharactersEstimator)),
            new TokenizingByCharactersTransformer(env, outputColumnName, inputColumnName, useMarkerCharacters))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(Host, inputSchema, Transformer.ColumnPairs,
        (source, name) =>
        {
            if (source.ItemType is not TextDataViewType)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name, "String", source.ItemType.ToString());
            return new SchemaShape.Column(name, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.UInt16, true,
                source.Keep(AnnotationUtils.Kinds.SlotNames)
                    .With(ShapeMapping.Values(AnnotationUtils.Kinds.KeyValues, TextDataViewType.Instance)));
        });
}
