using Microsoft.ML.Lstm.Core.Tests.Forecasting;
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
        Assert.Contains(expected, MetricsTable.Verdict(MetricsBesideRidge.Of(error)), StringComparison.Ordinal);
    }
}
