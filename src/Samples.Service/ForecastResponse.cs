using Microsoft.ML.Lstm;

namespace Samples.Service;

/// <summary>A forecast.</summary>
/// <param name="Values">A value for each row ahead.</param>
/// <param name="Lower">Lower bounds; empty if the forecaster gives none.</param>
/// <param name="Upper">Upper bounds.</param>
/// <param name="Generation">Which of the models that the service has loaded made it.</param>
public sealed record ForecastResponse(IReadOnlyList<float> Values, IReadOnlyList<float> Lower, IReadOnlyList<float> Upper, int Generation)
{
    /// <summary>Of a forecaster's result.</summary>
    public static ForecastResponse Of(ForecastResult result, int generation) => new(result.Values, result.LowerBounds, result.UpperBounds, generation);
}
