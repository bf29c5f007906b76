namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class ForecastMetricsTests
{
    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.0, false)]
    [InlineData(1.0005, false)]
    [InlineData(1.01, true)]
    public void BeatenBy_ErrorBesideTheRegressions_NamesOneThatIsSmallerByMoreThanRounding(double error, bool isBeaten)
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

        Assert.Equal(isBeaten ? ["Ridge"] : [], metrics.BeatenBy);
        Assert.Equal(isBeaten, metrics.ToString().Contains("larger mean absolute error than Ridge", StringComparison.Ordinal));
    }

    private static ForecastErrors Errors(double absolute) => new(Count: 1, absolute, absolute, absolute, absolute, absolute);
}
