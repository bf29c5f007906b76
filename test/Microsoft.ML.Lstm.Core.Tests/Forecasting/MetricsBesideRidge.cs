namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

/// <summary>Metrics of a forecast beside a regression whose error is 1, and persistence, whose error is 2.</summary>
internal static class MetricsBesideRidge
{
    public static ForecastMetrics Of(double error) => new()
    {
        ForecastCount = 1,
        Errors = Errors(error),
        ErrorsByHorizon = [Errors(error)],
        ErrorsBySeries = new Dictionary<string, ForecastErrors>(),
        Baselines = new Dictionary<string, ForecastErrors> { ["Persistence"] = Errors(2), ["Ridge"] = Errors(1) },
        SeasonLength = 1,
    };

    private static ForecastErrors Errors(double absolute) => new(Count: 1, absolute, absolute, absolute, absolute, absolute);
}
