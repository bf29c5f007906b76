using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class LogarithmsTests
{
    // In thousands, 1949 to 1952 and 1957 to 1960 of the airline passengers: the season grows with the level.
    private static readonly float[] s_passengers =
    [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
    ];

    public static TheoryData<string, Func<int, double>, int> Even => new()
    {
        { "a line", i => 1 + i, 1 },
        { "a season on a line", i => 50 + i + (20 * Math.Sin(2 * Math.PI * i / 12)), 12 },
        { "a season", i => 30 + (20 * Math.Sin(2 * Math.PI * i / 12)), 12 },
        { "noise", i => 1 + (99 * Noise(i)), 1 },
        { "a constant", _ => 7, 1 },
        { "with zeros", i => Math.Exp(0.02 * i) * (i % 5 == 0 ? 0 : 1), 1 },
        { "growth of little range", i => 100 * Math.Exp(0.001 * i), 1 },
        { "too short", i => Math.Exp(0.3 * i), 190 },
    };

    [Theory]
    [MemberData(nameof(Even))]
    public void Suit_ChangesThatDoNotGrowWithTheLevel_SaysNo(string kind, Func<int, double> value, int season) =>
        Assert.False(Logarithms.Suit([.. Enumerable.Range(0, 200).Select(i => (float)value(i))], season), kind);

    [Fact]
    public void Suit_ChangesThatGrowWithTheLevel_SaysYes()
    {
        Assert.True(Logarithms.Suit(s_passengers[..48], 12));
        Assert.True(Logarithms.Suit(s_passengers[48..], 12));
        Assert.True(Logarithms.Suit([.. Enumerable.Range(0, 200).Select(i => (float)Math.Exp(0.02 * i))], 1));
        Assert.True(Logarithms.Suit([.. Enumerable.Range(0, 200).Select(i => (float)(Math.Exp(0.01 * i) * (2 + Math.Sin(2 * Math.PI * i / 12) + (0.2 * Noise(i)))))], 12));
        Assert.True(Logarithms.Suit([.. s_passengers[48..].Select((value, i) => i % 9 == 0 ? float.NaN : value)], 12));
    }

    [Fact]
    public void Restored_OfTheMeasure_IsTheValueAndBelowTheFloorIsTheFloor()
    {
        ChannelUnit unit = ChannelUnit.Of(s_passengers, 12, logarithmic: true, spreadShare: 0);

        Assert.True(unit.IsLogarithmic);
        Assert.Equal(52, unit.Floor);
        foreach (float value in s_passengers)
            Assert.Equal(value, (float)unit.Restored(unit.Measured(value)), value * 1e-6f);
        Assert.Equal(Math.Log(52), unit.Measured(-3f), 1e-6);
        Assert.True(float.IsNaN(unit.Measured(float.NaN)));
        Assert.Equal(float.MaxValue, unit.Restored(1e6));
        Assert.False(ChannelUnit.Of([3, 0, 5], 1, logarithmic: true, spreadShare: 0).IsLogarithmic);
        Assert.Equal(2.5f, new ChannelUnit(4).Measured(2.5f));
    }

    private static double Noise(int i) => new Random(i).NextDouble();
}
