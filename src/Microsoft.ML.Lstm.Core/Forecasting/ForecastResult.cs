namespace Microsoft.ML.Lstm;

/// <summary>A forecast of the next values of a series, in its own unit.</summary>
/// <param name="Values">The forecast, one value for each step of the horizon: the median where quantiles were learned.</param>
/// <param name="LowerBounds">Lower bounds of the interval; empty if the forecaster gives none.</param>
/// <param name="UpperBounds">Upper bounds of the interval; empty if the forecaster gives none.</param>
public sealed record ForecastResult(IReadOnlyList<float> Values, IReadOnlyList<float> LowerBounds, IReadOnlyList<float> UpperBounds)
{
    /// <summary>Paths that the series may take, each a value for each step of the horizon; empty if none were asked for.</summary>
    public IReadOnlyList<IReadOnlyList<float>> SamplePaths { get; init; } = [];
}
