using Microsoft.ML.Lstm.Search;

namespace Microsoft.ML.Lstm.Tests.Search;

public sealed class RungLadderTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 2 })]
    [InlineData(3, new[] { 1, 3 })]
    [InlineData(20, new[] { 3, 7, 20 })]
    [InlineData(50, new[] { 2, 6, 17, 50 })]
    [InlineData(1000, new[] { 38, 112, 334, 1000 })]
    public void Epochs_OfATop_AreThirdsRoundedUp(int epochs, int[] expected) => Assert.Equal(expected, new RungLadder(epochs).Epochs);

    [Fact]
    public void Next_EightTrials_SendsTheBestThirdOn()
    {
        var ladder = new RungLadder(9);
        var made = new List<(int Trial, int Rung)>();
        int begun = 0;
        while (ladder.Next(begun, begun < 8) is var (trial, rung))
        {
            made.Add((trial, rung));
            // The given options are the worst; of the others the earlier, the better.
            ladder.Add(trial, rung, trial == 0 ? 100 : trial);
            begun = Math.Max(begun, trial + 1);
        }

        Assert.Equal([(0, 0), (0, 1), (0, 2)], made[..3]);
        Assert.Equal(Enumerable.Range(1, 7), made.Where(job => job is { Trial: > 0, Rung: 0 }).Select(job => job.Trial));
        Assert.Equal([1, 2, 3], made.Where(job => job is { Trial: > 0, Rung: 1 }).Select(job => job.Trial));
        Assert.Equal([1], made.Where(job => job is { Trial: > 0, Rung: 2 }).Select(job => job.Trial));
    }

    [Fact]
    public void Next_DivergedTrials_ClimbNoFurther()
    {
        var ladder = new RungLadder(9);
        ladder.Add(0, 0, double.PositiveInfinity);
        ladder.Add(1, 0, double.PositiveInfinity);
        ladder.Add(2, 0, double.PositiveInfinity);

        Assert.Null(ladder.Next(3, canBegin: false));
        Assert.Equal((3, 0), ladder.Next(3, canBegin: true));
    }
}
