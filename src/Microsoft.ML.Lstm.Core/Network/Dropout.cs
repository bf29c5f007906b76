using System.Numerics;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// Inverted dropout whose mask is a function of (seed, step, place, row, column) and nothing else: the backward pass draws it again
/// instead of keeping it, and it does not depend on which worker draws it.
/// </summary>
/// <param name="Rate">Probability that a value is zeroed.</param>
/// <param name="Key">Mixed from the seed, the training step and the place in the network.</param>
internal readonly record struct Dropout(float Rate, uint Key)
{
    private const uint ColumnStep = 0x9E3779B9u;

    public bool IsActive => Rate > 0;

    private uint Threshold => (uint)Math.Min(uint.MaxValue, Rate * 4294967296.0);

    /// <summary>Mixes the parts of a key.</summary>
    public static uint MixKey(int seed, long step, int place) => Mix(Mix(Mix((uint)seed ^ 0x9E3779B9u) + (uint)step) + (uint)(step >> 32) + ((uint)place * 0x85EBCA6Bu));

    /// <summary>Zeroes or scales the values of one row.</summary>
    public unsafe void Apply(int row, float* values, int count)
    {
        uint rowKey = Mix(Key + ((uint)row * 0xC2B2AE35u)), threshold = Threshold;
        float scale = 1 / (1 - Rate);
        int i = 0;
        Vector<uint> counter = (Vector<uint>.Indices * ColumnStep) + new Vector<uint>(rowKey);
        for (; i + Vector<uint>.Count <= count; i += Vector<uint>.Count)
        {
            Vector<int> drops = Vector.AsVectorInt32(Vector.LessThan(Mix(counter), new Vector<uint>(threshold)));
            Vector.Store(Vector.ConditionalSelect(drops, Vector<float>.Zero, Vector.Load(values + i) * scale), values + i);
            counter += new Vector<uint>(ColumnStep * (uint)Vector<uint>.Count);
        }
        for (; i < count; i++)
            values[i] = Mix(rowKey + ((uint)i * ColumnStep)) < threshold ? 0 : values[i] * scale;
    }

    /// <summary>What a whole row is multiplied with: 0, or 1 / (1 − rate).</summary>
    public float Factor(int row) => !IsActive ? 1 : Mix(Mix(Key + ((uint)row * 0xC2B2AE35u))) < Threshold ? 0 : 1 / (1 - Rate);

    /// <summary>A bijection of 32-bit words in which every bit of the input sways every bit of the output (lowbias32 by C. Wellons).</summary>
    private static uint Mix(uint x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352Du;
        x ^= x >> 15;
        x *= 0x846CA68Bu;
        return x ^ (x >> 16);
    }

    private static Vector<uint> Mix(Vector<uint> x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352Du;
        x ^= x >> 15;
        x *= 0x846CA68Bu;
        return x ^ (x >> 16);
    }
}
