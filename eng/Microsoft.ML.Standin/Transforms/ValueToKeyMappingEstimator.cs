using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly TermOptions _options;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env,
        (string outputColumnName, string inputColumnName)[] columns, TermOptions options, IDataView keyData)
    {
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        _host.CheckParam(keyData is null || keyData.Schema.Count == 1, nameof(keyData), "If specified, this data view should contain "
            + $"only a single column containing the terms to map, but this had {keyData?.Schema.Count} columns.");
        _columns = columns;
        _options = options;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return ValueToKeyMappingTransformer.Train(_host, input, _columns, _options, _keyData);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(_host, inputSchema, _columns, (source, name) =>
    {
        if (source.ItemType is RowIdDataViewType)
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", source.Name);
        if (!source.IsKey || !source.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out SchemaShape.Column values))
        {
            values = ShapeMapping.Values(AnnotationUtils.Kinds.KeyValues,
                _options.AddKeyValueAnnotationsAsText ? TextDataViewType.Instance : source.ItemType, source.IsKey);
        }
        return new SchemaShape.Column(name, source.Kind, NumberDataViewType.UInt32, true,
            source.Keep(AnnotationUtils.Kinds.SlotNames).With(values));
    });

    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }
}
