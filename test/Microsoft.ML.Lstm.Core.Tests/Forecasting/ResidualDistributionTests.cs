using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class ResidualDistributionTests
{
    [Theory]
    [InlineData("normal")]
    [InlineData("heavy")]
    [InlineData("skewed")]
    public void PValue_NewValuesOfTheSameKind_FallBelowALevelAsOftenAsItSays(string kind)
    {
        var random = new Random(1);
        float Next() => kind switch
        {
            "normal" => (float)Normal(),
            // Student's t with 4 degrees of freedom.
            "heavy" => (float)(Normal() / Math.Sqrt(Enumerable.Range(0, 4).Sum(_ => Math.Pow(Normal(), 2)) / 4)),
            _ => (float)-Math.Log(1 - random.NextDouble()),
        };
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var distribution = ResidualDistribution.Of([.. Enumerable.Range(0, 2000).Select(_ => Next())]);
        double[] found = [.. Enumerable.Range(0, 200_000).Select(_ => distribution.PValue(Next()))];

        foreach (double level in (double[])[0.5, 0.1, 0.02, 0.002])
            Assert.InRange(found.Count(p => p < level) / 200_000.0, level / 3, level * 2);
    }

    [Fact]
    public void PValue_ValueOutsideTheInterval_IsBelowItsLevel()
    {
        var random = new Random(2);
        var distribution = ResidualDistribution.Of([.. Enumerable.Range(0, 500).Select(_ => random.NextSingle())]);
        foreach (double level in (double[])[0.5, 0.9, 0.99, 0.9999])
        {
            (double lower, double upper) = distribution.Interval(level);
            Assert.True(lower < upper);
            Assert.True(distribution.PValue(upper + 0.01) <= 1 - level + 0.01 && distribution.PValue(lower - 0.01) <= 1 - level + 0.01, $"{level}");
            Assert.True(distribution.PValue(upper - 0.01) >= 1 - level - 0.01 && distribution.PValue(lower + 0.01) >= 1 - level - 0.01, $"{level}");
        }
    }

    [Fact]
    public void PValue_FewValues_IsNeverBelowWhatThatManyCanTell()
    {
        var distribution = ResidualDistribution.Of([-1f, 0f, 1f]);

        Assert.Equal(0.5, distribution.PValue(1000), 6);
        Assert.Equal(1, distribution.PValue(0), 6);
    }

    [Fact]
    public void Interval_ValuesThatAreAllAlike_IsNarrowAndOrdered()
    {
        var distribution = ResidualDistribution.Of([.. Enumerable.Repeat(0f, 200)]);

        (double lower, double upper) = distribution.Interval(0.99);

        Assert.InRange(lower, -0.1, 0);
        Assert.InRange(upper, 0, 0.1);
        Assert.True(distribution.PValue(1) < 1e-10);
        Assert.True(distribution.IsValid);
    }
}
