using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Core.Tests.Randomness;

public class RandomStreamTests
{
    // The first outputs of the authors' xoshiro256** for the state 1, 2, 3, 4.
    [Fact]
    public void NextUInt64_KnownState_FollowsThePublishedGenerator()
    {
        var random = new RandomStream([1UL, 2, 3, 4]);
        Assert.Equal([11520UL, 0, 1509978240, 1215971899390074240], Enumerable.Range(0, 4).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void RandomStream_Seed_GoesThroughThePublishedSplitMix64()
    {
        ulong[] state = new RandomStream(1234567UL).ExportState();
        Assert.Equal([6457827717110365317UL, 3203168211198807973, 9817491932198370423, 4593380528125082431], state);
    }

    [Fact]
    public void RandomStream_SavedState_Continues()
    {
        var random = new RandomStream(7, "dropout");
        for (int i = 0; i < 5; i++)
            random.NextGaussian();
        var restored = new RandomStream(random.ExportState());
        for (int i = 0; i < 100; i++)
            Assert.Equal(random.NextGaussian(), restored.NextGaussian());
    }

    [Fact]
    public void RandomStream_OtherNameOrSeed_IsAnotherStream()
    {
        ulong[] firsts = [new RandomStream(1, "a").NextUInt64(), new RandomStream(1, "b").NextUInt64(), new RandomStream(2, "a").NextUInt64(), new RandomStream(-1, "a").NextUInt64()];
        Assert.Equal(4, firsts.Distinct().Count());
    }

    [Fact]
    public void NextGaussian_ManyDraws_HasItsMomentsAndTails()
    {
        var random = new RandomStream(3UL);
        const int Count = 400_000;
        double sum = 0, squares = 0, fourth = 0;
        int beyond = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = random.NextGaussian();
            (sum, squares, fourth) = (sum + x, squares + x * x, fourth + x * x * x * x);
            beyond += Math.Abs(x) > 1.959963984540054 ? 1 : 0;
        }
        Assert.Equal(0, sum / Count, 0.01);
        Assert.Equal(1, squares / Count, 0.01);
        Assert.Equal(3, fourth / Count, 0.08);
        Assert.Equal(0.05, beyond / (double)Count, 0.002);
    }

    [Fact]
    public void NextFloat_ManyDraws_StaysBelowOneAndIntegersWithinTheirBound()
    {
        var random = new RandomStream(4UL);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++)
        {
            Assert.InRange(random.NextFloat(), 0f, 0.99999997f);
            Assert.InRange(random.NextDouble(), 0, 1 - 1e-16);
            counts[random.NextInt(3)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Shuffle_SameSeed_GivesTheSamePermutation()
    {
        int[] a = [.. Enumerable.Range(0, 100)], b = [.. a], c = [.. a];
        new RandomStream(5UL).Shuffle(a);
        new RandomStream(5UL).Shuffle(b);
        new RandomStream(6UL).Shuffle(c);
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
        Assert.Equal(Enumerable.Range(0, 100), a.Order());
    }

    [Fact]
    public void RandomStream_StateOfZeros_IsRefused() => Assert.Throws<ArgumentException>(() => new RandomStream(stackalloc ulong[4]));
}
