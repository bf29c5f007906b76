using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Tests;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(0.8, "was 20 % below that of Ridge, the best that needs no network.")]
    [InlineData(1.0004, "was that of Ridge, which needs no network: here the network adds nothing.")]
    [InlineData(1.2, "was 20 % ABOVE that of Ridge, which needs no network")]
    public void Verdict_ErrorBesideTheBestBaseline_SaysWhichIsLess(double error, string expected)
    {
        var metrics = new ForecastMetrics
        {
            ForecastCount = 1,
            Errors = Errors(error),
            ErrorsByHorizon = [Errors(error)],
            ErrorsBySeries = new Dictionary<string, ForecastErrors>(),
            Baselines = new Dictionary<string, ForecastErrors> { ["Persistence"] = Errors(2), ["Ridge"] = Errors(1) },
            SeasonLength = 1,
        };

        Assert.Contains(expected, MetricsTable.Verdict(metrics), StringComparison.Ordinal);
    }

    private static ForecastErrors Errors(double absolute) => new(Count: 1, absolute, absolute, absolute, absolute, absolute);
}
