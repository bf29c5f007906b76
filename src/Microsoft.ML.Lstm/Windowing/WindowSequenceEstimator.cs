using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>Cuts series into windows, and the values that follow them into labels: see <see cref="WindowSequenceTransformer"/>.</summary>
public sealed class WindowSequenceEstimator : IEstimator<WindowSequenceTransformer>
{
    private readonly IHost _host;
    private readonly WindowSettings _settings;
    private readonly WindowInputs _inputs;

    internal WindowSequenceEstimator(IHostEnvironment environment, WindowSettings settings)
    {
        settings.Validate();
        _host = environment.Register(nameof(WindowSequenceEstimator));
        _settings = settings;
        _inputs = new WindowInputs(_host, settings);
    }

    /// <summary>Checks the columns. Reads no row, unless there is a time column whose step is to be found: then all times, once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">The time of a series goes backwards or stands still; names series, rows, column and both times.</exception>
    public WindowSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        IReadOnlyList<WindowInput> inputs = _inputs.Of(input.Schema);
        Guard.RequireArgument(inputs.Sum(i => (long)i.Size) * _settings.WindowLength <= Array.MaxLength, "windowLength", _settings.WindowLength,
            $"at most {Array.MaxLength / inputs.Sum(i => (long)i.Size)}, since a step has {inputs.Sum(i => (long)i.Size)} values");
        var columns = new WindowColumns(_host, _settings, inputs);
        if (!columns.AreSeries(input.Schema))
            return new WindowSequenceTransformer(_host, columns);
        RowOrigins.WarnOfScatteredRows(_host, input, _settings.InputColumnNames[0]);
        RowSpacing? spacing = _settings.TimeColumnName is null ? null : _settings.Spacing ?? StepInference.Of(_host, input, _settings);
        return new WindowSequenceTransformer(_host, columns with { Settings = _settings with { Spacing = spacing } });
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _inputs.Check(inputSchema);
        return WindowColumns.Extend(inputSchema, _settings);
    }
}
