namespace Samples.Shared;

/// <summary>A string of bits, whether its ones are odd in number, and whether they were after each bit.</summary>
internal sealed class BitString(float[] values)
{
    public float[] Values { get; } = values;

    public bool IsOdd { get; } = values.Sum() % 2 == 1;

    public float[] Parities { get; } = [.. values.Select((_, t) => values[..(t + 1)].Sum() % 2)];

    /// <summary>All strings of a length.</summary>
    public static BitString[] All(int length) =>
        [.. Enumerable.Range(0, 1 << length).Select(number => new BitString([.. Enumerable.Range(0, length).Select(i => (float)(number >> i & 1))]))];

    /// <summary>Random strings of random lengths.</summary>
    public static BitString[] Random(int count, int shortest, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new BitString([.. Enumerable.Range(0, random.Next(shortest, longest + 1)).Select(_ => random.Next(2))]))];
    }
}
