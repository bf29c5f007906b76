using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly long _maximumExampleCount;
    private readonly Scaling _scaling;

    internal NormalizingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, long maximumExampleCount, Scaling scaling)
    {
        _host = env.Register(nameof(NormalizingEstimator));
        foreach ((string output, string input) in columns)
        {
            _host.CheckNonEmpty(output, "outputColumnName");
            _host.CheckNonEmpty(input, "inputColumnName");
        }
        _host.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        _columns = columns;
        _maximumExampleCount = maximumExampleCount;
        _scaling = scaling;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return NormalizingTransformer.Train(_host, input, _columns, _maximumExampleCount, _scaling);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(_host, inputSchema, _columns, (source, name) =>
    {
        if (source.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw Mismatch(source, "known-size vector or scalar");
        if (!source.ItemType.Equals(NumberDataViewType.Single) && !source.ItemType.Equals(NumberDataViewType.Double))
            throw Mismatch(source, "vector or scalar of Single or Double");
        return new SchemaShape.Column(name, source.Kind, source.ItemType, source.IsKey,
            source.Keep(AnnotationUtils.Kinds.SlotNames).With(ShapeMapping.NormalizedFlag));
    });

    private Exception Mismatch(SchemaShape.Column source, string expected) =>
        _host.ExceptSchemaMismatch("inputSchema", "input", source.Name, expected, source.GetTypeString());

    internal static class Defaults
    {
        public const bool EnsureZeroUntouched = true;
        public const bool MeanVarCdf = false;
        public const long MaximumExampleCount = 1000000000;
    }
}
