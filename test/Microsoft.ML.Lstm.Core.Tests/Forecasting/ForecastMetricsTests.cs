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
        ForecastMetrics metrics = MetricsBesideRidge.Of(error);

        Assert.Equal(isBeaten ? ["Ridge"] : [], metrics.BeatenBy);
        Assert.Equal(isBeaten, metrics.ToString().Contains("larger mean absolute error than Ridge", StringComparison.Ordinal));
    }
}
