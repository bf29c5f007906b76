namespace Samples.Shared;

/// <summary>A piece of the series t·sin(t)/3 + 2·sin(5t) on [0, 30), every 0.1, and the same piece one step later.</summary>
internal sealed class WaveWindow
{
    /// <summary>Time between two values.</summary>
    public const double Resolution = 0.1;

    private const double End = 30;

    public float[] Values { get; set; } = [];

    public float[] Next { get; set; } = [];

    /// <summary>The whole series as one window.</summary>
    public static WaveWindow Whole => At(0, (int)Math.Round(End / Resolution) - 1);

    /// <summary>Windows that begin anywhere.</summary>
    public static WaveWindow[] Random(int count, int steps, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => At(random.NextDouble() * (End - (steps + 1) * Resolution), steps))];
    }

    /// <summary>Values of the series.</summary>
    public static float[] Series(double start, int count) =>
        [.. Enumerable.Range(0, count).Select(i => start + i * Resolution).Select(t => (float)(t * Math.Sin(t) / 3 + 2 * Math.Sin(5 * t)))];

    /// <summary>The variance of the second value of a window whose first is known: how far pieces that begin alike part in one step.</summary>
    public static double SecondValueVariance()
    {
        double[][] pairs = [.. Random(40000, 20, seed: 3).Select(window => new double[] { window.Values[0], window.Next[0] }).OrderBy(pair => pair[0])];
        return pairs.Chunk(40).Average(alike => alike.Average(pair => pair[1] * pair[1]) - Math.Pow(alike.Average(pair => pair[1]), 2));
    }

    private static WaveWindow At(double start, int steps)
    {
        float[] values = Series(start, steps + 1);
        return new WaveWindow { Values = values[..^1], Next = values[1..] };
    }
}
