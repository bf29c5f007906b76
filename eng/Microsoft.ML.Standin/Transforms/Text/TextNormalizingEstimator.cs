using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Text;

public sealed class TextNormalizingEstimator : TrivialEstimator<TextNormalizingTransformer>
{
    internal TextNormalizingEstimator(
        IHostEnvironment env, string outputColumnName, string inputColumnName, TextNormalization normalization)
        : base(env.Register(nameof(TextNormalizingEstimator)),
            new TextNormalizingTransformer(env, outputColumnName, inputColumnName, normalization))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(Host, inputSchema, Transformer.ColumnPairs,
        (source, name) =>
        {
            if (source.ItemType is not TextDataViewType)
            {
                throw Host.ExceptSchemaMismatch(
                    nameof(inputSchema), "input", source.Name, TextNormalizingTransformer.ExpectedType, source.ItemType.ToString());
            }
            SchemaShape.Column.VectorKind kind = source.Kind == SchemaShape.Column.VectorKind.Scalar
                ? source.Kind : SchemaShape.Column.VectorKind.VariableVector;
            return new SchemaShape.Column(name, kind, source.ItemType, false);
        });

    public enum CaseMode
    {
        Lower = 0,
        Upper = 1,
        None = 2,
    }
}
