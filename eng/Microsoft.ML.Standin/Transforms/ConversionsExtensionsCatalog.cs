using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class ConversionsExtensionsCatalog
{
    public static TypeConvertingEstimator ConvertType(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        DataKind outputKind = TypeConvertingEstimator.DefaultOutputKind) =>
        new(catalog.GetEnvironment(), outputKind, (outputColumnName, inputColumnName ?? outputColumnName));

    public static TypeConvertingEstimator ConvertType(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        DataKind outputKind = TypeConvertingEstimator.DefaultOutputKind) =>
        new(catalog.GetEnvironment(), outputKind, InputOutputColumnPair.ToTuples(columns));

    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null) =>
        new(catalog.GetEnvironment(), (outputColumnName, inputColumnName ?? outputColumnName));

    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns) =>
        new(catalog.GetEnvironment(), InputOutputColumnPair.ToTuples(columns));

    public static KeyToVectorMappingEstimator MapKeyToVector(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        bool outputCountVector = false) =>
        new(catalog.GetEnvironment(), outputCountVector, (outputColumnName, inputColumnName ?? outputColumnName));

    public static KeyToVectorMappingEstimator MapKeyToVector(
        this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns, bool outputCountVector = false) =>
        new(catalog.GetEnvironment(), outputCountVector, InputOutputColumnPair.ToTuples(columns));

    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.Defaults.MaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.Defaults.Ordinality,
        bool addKeyValueAnnotationsAsText = ValueToKeyMappingEstimator.Defaults.AddKeyValueAnnotationsAsText,
        IDataView keyData = null) =>
        new(catalog.GetEnvironment(), [(outputColumnName, inputColumnName ?? outputColumnName)],
            new TermOptions(maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText), keyData);

    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.Defaults.MaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.Defaults.Ordinality,
        bool addKeyValueAnnotationsAsText = ValueToKeyMappingEstimator.Defaults.AddKeyValueAnnotationsAsText,
        IDataView keyData = null) =>
        new(catalog.GetEnvironment(), InputOutputColumnPair.ToTuples(columns),
            new TermOptions(maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText), keyData);
}
