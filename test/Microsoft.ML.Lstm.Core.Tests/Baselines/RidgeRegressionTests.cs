using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Core.Tests.Baselines;

public sealed class RidgeRegressionTests
{
    private const int Length = 3;

    [Fact]
    public void Solve_LinearRule_FindsItsWeights()
    {
        double[][] weights = Solve(new Windows(200, (x, _) => (2 * x[0]) - x[1] + (0.5f * x[2]) + 7));

        Assert.Equal([2, -1, 0.5, 7], weights.Select(row => row[0]), (a, b) => Math.Abs(a - b) < 1e-2);
    }

    [Fact]
    public void Solve_NoiseAlone_StaysWithWhatNeedsNoLearning()
    {
        int kept = Enumerable.Range(0, 20).Count(seed => ReferenceEquals(s_zeros, Solve(new Windows(200, (_, noise) => noise, seed))));

        Assert.InRange(kept, 17, 20);
    }

    [Fact]
    public void Solve_WeightedWindows_CountByTheirWeights()
    {
        // Every other window follows another rule, and weighs nothing.
        double[][] weights = Solve(new Windows(200, (x, _) => 3 * x[0]), new Windows(200, (x, _) => -3 * x[0], weight: _ => 0));

        Assert.Equal(3, weights[0][0], 1e-2);
    }

    [Theory]
    [InlineData(100, 1, 32)]
    [InlineData(100, 10, 10)]
    [InlineData(27, 12, 2)]
    [InlineData(7, 12, 2)]
    [InlineData(1, 12, 1)]
    public void BlockCount_OfWindows_HasAHorizonInEach(int windows, int horizon, int expected) => Assert.Equal(expected, PairedGains.BlockCount(windows, horizon));

    [Fact]
    public void ByBlock_WindowsInBlocks_AreAveragedEachOnce()
    {
        double[] before = [5, 7, 9, 1, 1], after = [1, 1, 3, 2, 4];

        Assert.Equal([5, 2 / 3.0], PairedGains.ByBlock(before, after, horizon: 3), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void AreSignificant_Gains_MustBeMoreThanChance()
    {
        Assert.True(PairedGains.AreSignificant([1, 1.5]));
        Assert.False(PairedGains.AreSignificant([1, 5]));
        Assert.False(PairedGains.AreSignificant([9]));
        Assert.False(PairedGains.AreSignificant([]));
        Assert.False(PairedGains.AreSignificant([0, 0, 0]));
        Assert.False(PairedGains.AreSignificant([-1, -1.1]));
        Assert.True(PairedGains.AreSignificant([.. Enumerable.Range(0, 32).Select(i => i % 3 == 0 ? -1.0 : 1)]));
    }

    private static readonly double[][] s_zeros = [[0], [0], [0], [0]];

    private static double[][] Solve(params Windows[] windows) => new RidgeRegression(Length, 1).Solve(new Together(windows), gap: 1, [s_zeros]);

    /// <summary>Windows of numbers drawn at random, and what a rule makes of them.</summary>
    private sealed class Windows(int count, Func<float[], float, float> rule, int seed = 1, Func<int, float>? weight = null) : IRegressionWindows
    {
        private readonly float[][] _values = Draw(count, seed);

        public int Count => count;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            float root = MathF.Sqrt(weight?.Invoke(window) ?? 1);
            for (int i = 0; i < Length; i++)
                x[i] = root * _values[window][i];
            x[Length] = root;
            y[0] = root * rule(_values[window], _values[window][Length]);
        }

        private static float[][] Draw(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Length + 1).Select(_ => (random.NextSingle() * 2) - 1).ToArray())];
        }
    }

    private sealed class Together(Windows[] all) : IRegressionWindows
    {
        public int Count => all[0].Count * all.Length;

        public void Fill(int window, Span<float> x, Span<float> y) => all[window % all.Length].Fill(window / all.Length, x, y);
    }
}
