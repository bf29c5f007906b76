using Microsoft.ML.Lstm.Baselines;

namespace Microsoft.ML.Lstm.Core.Tests.Baselines;

public sealed class SeasonTests
{
    [Theory]
    [InlineData(7, 0)]
    [InlineData(12, 0.05)]
    [InlineData(24, 0)]
    [InlineData(24, 3)]
    [InlineData(168, 0)]
    public void Find_SeasonWithNoiseAndTrend_GivesItsLength(int length, double trend)
    {
        var random = new Random(3);
        float[] shape = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextDouble())];
        float[] series =
            [.. Enumerable.Range(0, 8 * length).Select(i => (float)(shape[i % length] + (trend * i) + (0.1 * random.NextDouble())))];

        Assert.Equal(length, Season.Find(series, 2 * length));
    }

    // Changes of a wave with noise on it are alike at all short lags.
    [Theory]
    [InlineData(96, 960)]
    [InlineData(52, 210)]
    [InlineData(24, 400)]
    public void Find_SmoothSeasonWithNoise_IsNoShortLag(int length, int rows)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            float[] series =
                [.. Enumerable.Range(0, rows).Select(i => (float)((20 * Math.Sin(2 * Math.PI * i / length)) + Normal(random)))];

            int season = Season.Find(series, rows / 3) is > 1 and var found ? found : Season.FindInNoise(series, rows / 3);

            Assert.InRange(season, (int)(0.94 * length), (int)(1.06 * length));
        }
    }

    // Noise makes 286 rows repeat a little better than the day's 288, by chance.
    [Theory]
    [InlineData(288, 2000, 1.5)]
    [InlineData(96, 1500, 2)]
    [InlineData(24, 500, 2.5)]
    public void Find_CycleOfTheCalendarWithNoise_GivesExactlyThat(int day, int rows, double noise)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            var random = new Random(seed);
            float[] series = [.. Enumerable.Range(0, rows).Select(i => (float)((10 * Math.Sin(2 * Math.PI * i / day)) + (noise * Normal(random))))];
            int[] cycles = [day / 24, day, 7 * day];

            int season = Season.Find(series, rows / 3, cycles) is > 1 and var found ? found : Season.FindInNoise(series, rows / 3, cycles);

            Assert.Equal(day, season);
        }
    }

    [Fact]
    public void Find_SeasonThatIsNoCycleOfTheCalendar_IsLeftAsItIs()
    {
        float[] series = [.. Enumerable.Range(0, 900).Select(i => (float)(10 * Math.Sin(2 * Math.PI * i / 27)))];

        Assert.Equal(27, Season.Find(series, 300, [24, 168]));
    }

    // Differences of noise have a low first lag, beside which the second stands out.
    [Fact]
    public void Find_ShortSlowWaveWithNoise_IsNoSeasonOfTwoOrThree()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            float[] series = [.. Enumerable.Range(0, 62).Select(i => (float)(20 + (0.4 * i) + (3 * Math.Sin(i / 3.0)) + (0.5 * Normal(random))))];

            Assert.NotInRange(Season.Find(series, 20), 2, 3);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Find_ShortSeasonWithNoise_IsFound(int length)
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            Assert.Equal(length, Season.Find([.. Enumerable.Range(0, 90).Select(i => (float)((2 * (i % length)) + (0.5 * Normal(random))))], 30));
        }
    }

    [Fact]
    public void Find_NoiseRandomWalkLineOrConstant_GivesOne()
    {
        var random = new Random(5);
        float walk = 0;
        Assert.Equal(1, Season.Find([.. Enumerable.Range(0, 500).Select(_ => (float)random.NextDouble())], 60));
        Assert.Equal(1, Season.Find([.. Enumerable.Range(0, 500).Select(_ => walk += (float)random.NextDouble() - 0.5f)], 60));
        Assert.Equal(1, Season.Find([.. Enumerable.Range(0, 500).Select(i => 3f * i)], 60));
        Assert.Equal(1, Season.Find(new float[500], 60));
        Assert.Equal(1, Season.Find([], 60));
    }

    [Fact]
    public void FindInNoise_SeasonBelowTheNoise_IsFoundWhereFindFindsNone()
    {
        var random = new Random(7);
        float[] series = [.. Enumerable.Range(0, 2000).Select(i => (float)(Math.Sin(2 * Math.PI * i / 130) + (0.6 * Normal(random))))];

        Assert.Equal(1, Season.Find(series, 600));
        Assert.InRange(Season.FindInNoise(series, 600), 126, 134);
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(60, 0)]
    [InlineData(130, 0)]
    [InlineData(60, 0.05)]
    [InlineData(130, 0.05)]
    [InlineData(130, 0.1)]
    public void FindInNoise_CyclesOfVaryingLength_GivesTheMeanOfThem(int mean, double variation)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            (float[] series, double length) = Cycles(mean, variation, 3000, new Random(seed));

            int season = Season.FindInNoise(series, 1000);

            Assert.True(Math.Abs(season - length) <= 0.06 * length, $"{season} of cycles of {length}, seed {seed}");
        }
    }

    [Fact]
    public void FindInNoise_MissingValues_GivesTheSameLength()
    {
        (float[] series, double length) = Cycles(130, 0, 2000, new Random(1));
        for (int i = 0; i < series.Length; i += 7)
            series[i] = float.NaN;

        Assert.InRange(Season.FindInNoise(series, 600), length - 4, length + 4);
    }

    // A steep rise and a slow fall, as of sunspots, of heights that vary.
    private static (float[] Series, double Length) Cycles(int mean, double variation, int rows, Random random)
    {
        (List<float> series, int cycles, int whole) = ([], 0, 0);
        while (series.Count < rows)
        {
            int length = Math.Max(mean / 2, (int)Math.Round(mean * (1 + (variation * Normal(random)))));
            double height = variation > 0 ? 0.6 + (0.8 * random.NextDouble()) : 1;
            for (int i = 0; i < length; i++)
            {
                double place = (double)i / length, wave = place < 0.4 ? Math.Sin(Math.PI * ((place / 0.4) - 0.5))
                    : Math.Sin(Math.PI * (0.5 - ((place - 0.4) / 0.6)));
                series.Add((float)((height * (1 + wave)) + (0.5 * Normal(random))));
            }
            (cycles, whole) = (cycles + 1, whole + length);
        }
        return ([.. series.Take(rows)], (double)whole / cycles);
    }

    [Fact]
    public void FindInNoise_NoiseRandomWalksAndTooFewValues_GivesOne()
    {
        var random = new Random(11);
        for (int trial = 0; trial < 40; trial++)
        {
            double walk = 0, memory = 0;
            Assert.Equal(1, Season.FindInNoise([.. Enumerable.Range(0, 700).Select(_ => (float)Normal(random))], 233));
            Assert.Equal(1, Season.FindInNoise([.. Enumerable.Range(0, 700).Select(_ => (float)(walk += Normal(random)))], 233));
            Assert.Equal(1, Season.FindInNoise([.. Enumerable.Range(0, 700)
                .Select(_ => (float)(memory = (0.9 * memory) + Normal(random)))], 233));
        }
        Assert.Equal(1, Season.FindInNoise([], 60));
        Assert.Equal(1, Season.FindInNoise(new float[500], 60));
        Assert.Equal(1, Season.FindInNoise([.. Enumerable.Repeat(float.NaN, 500)], 60));
    }

    [Fact]
    public void Seasonal_MissingValue_IsTakenFromTheSeasonBefore()
    {
        float[] forecast = new float[5];
        NaiveForecasts.Seasonal([1, 2, 3, 4, float.NaN, 6], 3, forecast);
        Assert.Equal([4, 2, 6, 4, 2], forecast);
    }

    [Fact]
    public void Naive2_MultiplicativeSeason_ContinuesIt()
    {
        float[] indices = [0.5f, 1, 1.5f, 1], series = [.. Enumerable.Range(0, 48).Select(i => 100 * indices[i % 4])],
            forecast = new float[6];
        NaiveForecasts.Naive2(series, 4, forecast);
        Assert.All(forecast.Select((value, h) => value - (100 * indices[h % 4])), difference => Assert.Equal(0, difference, 0.01f));
    }

    [Fact]
    public void Naive2_NoSeason_IsPersistence()
    {
        var random = new Random(1);
        float[] series = [.. Enumerable.Range(0, 60).Select(_ => 10 + (float)random.NextDouble())], forecast = new float[3];
        NaiveForecasts.Naive2(series, 12, forecast);
        Assert.Equal([series[^1], series[^1], series[^1]], forecast);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
