using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>Cuts series into windows, and the values that follow them into labels. There is nothing to learn: see <see cref="WindowSequenceTransformer"/>.</summary>
public sealed class WindowSequenceEstimator : IEstimator<WindowSequenceTransformer>
{
    private readonly IHost _host;
    private readonly WindowColumns _columns;

    internal WindowSequenceEstimator(IHostEnvironment environment, WindowSettings settings)
    {
        settings.Validate();
        _host = environment.Register(nameof(WindowSequenceEstimator));
        _columns = new WindowColumns(_host, settings);
    }

    /// <summary>Checks the columns; reads no row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public WindowSequenceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _columns.AreSeries(input.Schema);
        return new WindowSequenceTransformer(_host, _columns.Settings);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _columns.Extend(inputSchema);
    }
}
