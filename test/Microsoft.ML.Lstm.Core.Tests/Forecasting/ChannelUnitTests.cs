using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class ChannelUnitTests
{
    private static readonly float[] s_values = [.. Enumerable.Range(0, 240).Select(i => (float)((10 * Math.Sin(Math.PI * i / 6)) + new Random(i).NextDouble()))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_ShareOfTheSpread_LiesBetweenChangeAndStandardDeviation(bool logarithmic)
    {
        float[] values = logarithmic ? [.. s_values.Select(value => MathF.Exp(value / 10)), float.NaN] : [.. s_values, float.NaN];
        double[] measured = [.. values[..^1].Select(value => logarithmic ? Math.Log(value) : value)];
        double mean = measured.Average(), spread = Math.Sqrt(measured.Average(value => Math.Pow(value - mean, 2)));
        double change = measured.Skip(12).Zip(measured).Average(pair => Math.Abs(pair.First - pair.Second));

        double Size(double share) => ChannelUnit.Of(values, 12, logarithmic, share).Size;

        Assert.Equal(change, Size(0), change * 1e-5);
        Assert.Equal(Math.Sqrt(change * spread), Size(0.5), change * 1e-4);
        Assert.Equal(spread, Size(1), spread * 1e-5);
        Assert.True(spread > 10 * change);
    }

    [Fact]
    public void Of_SeriesThatNeverChanges_HasItsUnitWhateverTheShare() =>
        Assert.Equal(ChannelUnit.Of([5, 5, 5], 1, logarithmic: false, spreadShare: 0), ChannelUnit.Of([5, 5, 5], 1, logarithmic: false, spreadShare: 0.5));
}
