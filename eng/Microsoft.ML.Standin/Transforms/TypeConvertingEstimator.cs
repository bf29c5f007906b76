using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal const DataKind DefaultOutputKind = DataKind.Single;
    private readonly DataKind _kind;

    internal TypeConvertingEstimator(
        IHostEnvironment env, DataKind outputKind, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, outputKind, columns)) =>
        _kind = outputKind;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(Host, inputSchema, Transformer.ColumnPairs,
        (source, name) =>
        {
            PrimitiveDataViewType type = ColumnTypeExtensions.PrimitiveTypeFromKind(_kind);
            Host.CheckParam(StandardConversions.GetOrNull(source.ItemType, type) is not null, nameof(inputSchema),
                $"Don't know how to convert {source.Name} into {type}");
            return new SchemaShape.Column(name, source.Kind, type, false, source.Annotations);
        });
}
