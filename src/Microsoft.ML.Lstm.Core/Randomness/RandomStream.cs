using System.Numerics;

namespace Microsoft.ML.Lstm.Randomness;

/// <summary>
/// A stream of random numbers that is the same, bit for bit, on every machine: xoshiro256** (Blackman and Vigna 2021) seeded through
/// SplitMix64 (Steele, Lea and Flood 2014). Its four words of state can be saved and restored. Not thread-safe.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts the stream of that seed.</summary>
    public RandomStream(ulong seed) => Restart(seed);

    /// <summary>Starts a stream of its own for each name, so that what one draws does not move another.</summary>
    /// <param name="seed">The seed that the user gave.</param>
    /// <param name="name">What the numbers are for.</param>
    public RandomStream(int seed, string name) : this(Mix(seed, name))
    {
    }

    /// <summary>Restores a stream from <see cref="ExportState"/>.</summary>
    /// <exception cref="ArgumentException">The state is not four words, or all are zero.</exception>
    public RandomStream(ReadOnlySpan<ulong> state) => ImportState(state);

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    public float NextFloat() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in 0 … <paramref name="bound"/> − 1, without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint range = (uint)bound, rejected = (uint)-bound % range;
        while (true)
        {
            ulong product = (NextUInt64() >> 32) * range;
            if ((uint)product >= rejected)
                return (int)(product >> 32);
        }
    }

    /// <summary>Standard normal, by Marsaglia's polar method. Half of each pair is dropped, so the state stays four words.</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1, v = 2 * NextDouble() - 1;
            double square = u * u + v * v;
            if (square is > 0 and < 1)
                return u * Math.Sqrt(-2 * Log(square) / square);
        }
    }

    /// <summary>Puts the items into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The state: four words.</summary>
    public ulong[] ExportState() => [_s0, _s1, _s2, _s3];

    /// <summary>Restores what <see cref="ExportState"/> gave.</summary>
    /// <exception cref="ArgumentException">The state is not four words, or all are zero.</exception>
    public void ImportState(ReadOnlySpan<ulong> state)
    {
        if (state.Length != 4 || !state.ContainsAnyExcept(0UL))
            throw new ArgumentException(Invariant($"The random state has {state.Length} words; expected 4, not all zero."), nameof(state));
        (_s0, _s1, _s2, _s3) = (state[0], state[1], state[2], state[3]);
    }

    /// <summary>Becomes the stream of another seed.</summary>
    internal void Restart(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    // FNV-1a over the name, spread by SplitMix64 so that neighbouring seeds share nothing.
    private static ulong Mix(int seed, string name)
    {
        ulong state = (uint)seed, hash = 14695981039346656037;
        foreach (char c in name)
            hash = (hash ^ c) * 1099511628211;
        return SplitMix(ref state) ^ hash;
    }

    private static ulong SplitMix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    // Math.Log is the platform's and may differ in the last bit; this is arithmetic alone.
    // x = m·2^e with m in [√½, √2); ln m = 2 artanh z, z = (m − 1)/(m + 1), |z| < 0.172.
    private static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }
        double z = (m - 1) / (m + 1), z2 = z * z, series = 0;
        for (int k = 23; k >= 1; k -= 2)
            series = series * z2 + 1.0 / k;
        return exponent * 0.6931471805599453 + 2 * z * series;
    }
}
