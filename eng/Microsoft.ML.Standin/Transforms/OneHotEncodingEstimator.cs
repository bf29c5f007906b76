using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    internal const OutputKind DefaultOutputKind = OutputKind.Indicator;
    private readonly IEstimator<ITransformer> _steps;

    internal OneHotEncodingEstimator(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns,
        OutputKind outputKind, TermOptions options, IDataView keyData)
    {
        env.CheckUserArg(Enum.IsDefined(outputKind), nameof(outputKind), $"Unknown output kind {(byte)outputKind}.");
        var toKeys = new ValueToKeyMappingEstimator(env, columns, options, keyData);
        _steps = outputKind == OutputKind.Key ? toKeys : toKeys.Append(new KeyToVectorMappingEstimator(
            env, outputKind == OutputKind.Bag, [.. columns.Select(c => (c.outputColumnName, c.outputColumnName))]));
    }

    public OneHotEncodingTransformer Fit(IDataView input) => new(_steps.Fit(input));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _steps.GetOutputSchema(inputSchema);

    public enum OutputKind : byte
    {
        Bag = 1,
        Indicator = 2,
        Key = 3,
    }
}
