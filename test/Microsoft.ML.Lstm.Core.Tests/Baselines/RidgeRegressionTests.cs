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
        int kept = Enumerable.Range(0, 20).Count(seed => IsNoChange(Solve(new Windows(200, (_, noise) => noise, seed))));

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
        Assert.True(IsMore(1, 1.5));
        Assert.False(IsMore(1, 5));
        Assert.False(IsMore(9));
        Assert.False(IsMore());
        Assert.False(IsMore(0, 0, 0));
        Assert.False(IsMore(-1, -1.1));
        Assert.True(IsMore([.. Enumerable.Range(0, 32).Select(i => i % 3 == 0 ? -1.0 : 1)]));
        Assert.False(PairedGains.AreSignificant([1, 1.5], PairedGains.OnceInTwenty));
        Assert.True(PairedGains.AreSignificant([1, 1.3], PairedGains.OnceInTwenty));

        static bool IsMore(params double[] gains) => PairedGains.AreSignificant(gains, PairedGains.OnceInTen);
    }

    [Fact]
    public void Solve_SeriesThatWanders_IsNotTakenToReturnToItsMean()
    {
        // Windows of a random walk: learned from both sides of a fold, its mean would seem to draw it.
        int kept = Enumerable.Range(0, 20).Count(seed => IsNoChange(Solve(new Windows(200, (_, _) => 0, seed, wanders: true))));

        Assert.InRange(kept, 16, 20);
    }

    [Fact]
    public void Solve_FewerWindowsThanTwoHorizons_StaysWithWhatNeedsNoLearning()
    {
        // A rule without any noise, but what is forecast is all one.
        var windows = new Windows(60, (x, _) => 2 * x[0]);

        Assert.Equal([new RidgeTerm(1, s_zeros)], new RidgeRegression(windows, Length, 1).Choose(gap: 20, (s_zeros, s_zeros))[0].Terms);
        Assert.NotNull(new RidgeRegression(windows, Length, 1).Choose(gap: 19, (s_zeros, s_zeros))[0].Terms[0].Penalty);
    }

    [Fact]
    public void Solve_GainThatMayBeChance_IsTakenByHalf()
    {
        // Against an absurd forecast the same regression is taken whole.
        double[][] simple = [[1], [0], [0], [0]];
        int halves = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var windows = new Windows(60, (x, noise) => (1.2f * x[0]) + noise, seed);
            double[][] given = Solve(windows, 9, simple), whole = Solve(windows, 0, [[1e3], [0], [0], [0]]);
            bool isHalf = Enumerable.Range(0, Length).All(i => Math.Abs((2 * given[i][0]) - simple[i][0] - whole[i][0]) < 0.02);
            halves += isHalf && given[0][0] != simple[0][0] ? 1 : 0;
        }
        Assert.InRange(halves, 2, 20);

        double[][] Solve(Windows windows, int gap, double[][] simple)
        {
            var regression = new RidgeRegression(windows, Length, 1);
            return regression.Weights(regression.Choose(gap, (simple, s_zeros))[0].Terms);
        }
    }

    [Theory]
    [InlineData(1, 1, 0.5)]
    [InlineData(1, 3, 0.9)]
    [InlineData(3, 1, 0.1)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 0)]
    public void Combine_TwoForecasts_WeighsThemByTheirErrors(double errorOfA, double errorOfB, double shareOfA)
    {
        IReadOnlyList<RidgeTerm> both = RidgeRegression.Combine(([new(1, s_zeros)], errorOfA), ([new(1, s_zeros, 1)], errorOfB));

        Assert.Equal(shareOfA, both.Where(term => term.Penalty is null).Sum(term => term.Factor), 1e-12);
        Assert.Equal(1, both.Sum(term => term.Factor), 1e-12);
    }

    [Fact]
    public void Solve_LargePenalty_ShrinksTowardsWhatNeedsNoLearning()
    {
        var products = new WindowProducts(Length, 1);
        products.Add(new Windows(200, (x, _) => 2 * x[0]));
        double[][] toward = [[0], [5], [0], [0]];

        Assert.Equal([0, 5, 0], products.Solve(1e6, toward).Take(Length).Select(row => row[0]), (a, b) => Math.Abs(a - b) < 1e-2);
        Assert.Equal([2, 0, 0], products.Solve(1e-6, toward).Take(Length).Select(row => row[0]), (a, b) => Math.Abs(a - b) < 1e-2);
    }

    private static readonly double[][] s_zeros = [[0], [0], [0], [0]];

    private static bool IsNoChange(double[][] weights) => weights.All(row => row[0] == 0);

    private static double[][] Solve(params Windows[] windows)
    {
        var regression = new RidgeRegression(new Together(windows), Length, 1);
        return regression.Weights(regression.Choose(gap: 1, (s_zeros, s_zeros))[0].Terms);
    }

    /// <summary>Windows of numbers drawn at random, and what a rule makes of them.</summary>
    private sealed class Windows(int count, Func<float[], float, float> rule, int seed = 1, Func<int, float>? weight = null, bool wanders = false) : IRegressionWindows
    {
        private readonly float[][] _values = wanders ? Walk(count, seed) : Draw(count, seed);

        public int Count => count;

        public void Fill(int window, Span<float> x, Span<float> y)
        {
            float root = MathF.Sqrt(weight?.Invoke(window) ?? 1);
            for (int i = 0; i < Length; i++)
                x[i] = root * _values[window][i];
            x[Length] = root;
            y[0] = root * (wanders ? _values[window][Length] : rule(_values[window], _values[window][Length]));
        }

        // The values before the last, less it, and the next.
        private static float[][] Walk(int count, int seed)
        {
            var random = new Random(seed);
            float level = 0;
            float[] walk = [.. Enumerable.Range(0, count + Length + 1).Select(_ => level += (random.NextSingle() * 2) - 1)];
            return [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(i, Length + 1).Select(k => walk[k] - walk[i + Length - 1]).ToArray())];
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
