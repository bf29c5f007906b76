using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    private readonly bool _count;

    internal KeyToVectorMappingEstimator(
        IHostEnvironment env, bool outputCountVector, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(KeyToVectorMappingEstimator)), new KeyToVectorMappingTransformer(env, outputCountVector, columns)) =>
        _count = outputCountVector;

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(Host, inputSchema, Transformer.ColumnPairs,
        (source, name) =>
        {
            bool isVariable = source.Kind == SchemaShape.Column.VectorKind.VariableVector;
            var annotations = new List<SchemaShape.Column>();
            if (source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column values)
                && values.ItemType is TextDataViewType && (!isVariable || (_count && source.IsKey)))
                annotations.Add(ShapeMapping.Values(AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance));
            if (!_count && !isVariable)
                annotations.Add(ShapeMapping.Values(AnnotationUtils.Kinds.CategoricalSlotRanges, NumberDataViewType.Int32));
            if (!_count || source.Kind == SchemaShape.Column.VectorKind.Scalar)
                annotations.Add(ShapeMapping.NormalizedFlag);
            SchemaShape.Column.VectorKind kind = isVariable && !_count ? source.Kind : SchemaShape.Column.VectorKind.Vector;
            return new SchemaShape.Column(name, kind, NumberDataViewType.Single, false, new SchemaShape(annotations));
        });
}
