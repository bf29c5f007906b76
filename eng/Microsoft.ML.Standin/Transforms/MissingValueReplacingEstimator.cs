using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHost _host;
    private readonly (string outputColumnName, string inputColumnName)[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _imputeBySlot;

    internal MissingValueReplacingEstimator(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, ReplacementMode mode, bool imputeBySlot)
    {
        _host = env.Register(nameof(MissingValueReplacingEstimator));
        _columns = columns;
        _mode = mode;
        _imputeBySlot = imputeBySlot;
    }

    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return MissingValueReplacingTransformer.Train(_host, input, _columns, _mode, _imputeBySlot);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => ShapeMapping.Apply(_host, inputSchema, _columns, (source, name) =>
    {
        MissingValueReplacingTransformer.CheckType(_host, source.ItemType);
        return new SchemaShape.Column(name, source.Kind, source.ItemType, false,
            source.Keep(AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.IsNormalized));
    });

    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }

    internal static class Defaults
    {
        public const ReplacementMode Mode = ReplacementMode.DefaultValue;
        public const bool ImputeBySlot = true;
    }
}
