using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

public sealed class WordTokenizingEstimator : TrivialEstimator<WordTokenizingTransformer>
{
    internal WordTokenizingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName, char[] separators)
        : base(env.Register(nameof(WordTokenizingEstimator)),
            new WordTokenizingTransformer(env, outputColumnName, inputColumnName, separators))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(Host, inputSchema, Transformer.ColumnPairs,
        (source, name) =>
        {
            if (source.ItemType is not TextDataViewType)
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", source.Name, WordTokenizingTransformer.ExpectedType, source.ItemType.ToString());
            }
            return new SchemaShape.Column(name, SchemaShape.Column.VectorKind.VariableVector, source.ItemType, false);
        });
}
