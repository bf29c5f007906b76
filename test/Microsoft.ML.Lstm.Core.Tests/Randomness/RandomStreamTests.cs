using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Core.Tests.Randomness;

public class RandomStreamTests
{
    // The first outputs of the authors' xoshiro256** for the state 1, 2, 3, 4.
    [Fact]
    public void Follows_the_published_generator()
    {
        var random = new RandomStream([1UL, 2, 3, 4]);
        Assert.Equal([11520UL, 0, 1509978240, 1215971899390074240], Enumerable.Range(0, 4).Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Seeds_through_the_published_SplitMix64()
    {
        ulong[] state = new RandomStream(1234567UL).ExportState();
        Assert.Equal([6457827717110365317UL, 3203168211198807973, 9817491932198370423, 4593380528125082431], state);
    }

    [Fact]
    public void Continues_from_a_saved_state()
    {
        var random = new RandomStream(7, "dropout");
        for (int i = 0; i < 5; i++)
            random.NextGaussian();
        var restored = new RandomStream(random.ExportState());
        for (int i = 0; i < 100; i++)
            Assert.Equal(random.NextGaussian(), restored.NextGaussian());
    }

    [Fact]
    public void Names_and_seeds_make_streams_of_their_own()
    {
        ulong[] firsts = [new RandomStream(1, "a").NextUInt64(), new RandomStream(1, "b").NextUInt64(), new RandomStream(2, "a").NextUInt64(), new RandomStream(-1, "a").NextUInt64()];
        Assert.Equal(4, firsts.Distinct().Count());
    }

    [Fact]
    public void Gaussian_has_its_moments_and_tails()
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
    public void Uniform_numbers_stay_below_one_and_integers_within_their_bound()
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
    public void Shuffle_permutes_and_depends_on_the_seed_alone()
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
    public void Refuses_a_state_that_is_none() => Assert.Throws<ArgumentException>(() => new RandomStream(stackalloc ulong[4]));
}
