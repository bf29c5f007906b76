using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests;

/// <summary>A row of a scalar series.</summary>
public sealed class Point
{
    public string Name { get; set; } = "";

    public int Group { get; set; }

    public DateTime Time { get; set; }

    public float Value { get; set; }

    public float Other { get; set; }

    [VectorType(2)]
    public float[] Pair { get; set; } = [0, 0];
}

/// <summary>A row with a whole sequence.</summary>
public sealed class Example
{
    [VectorType(6, 2)]
    public float[] Features { get; set; } = new float[12];

    public float Label { get; set; }

    [VectorType(3)]
    public float[] Labels { get; set; } = new float[3];

    public float Weight { get; set; } = 1;
}

/// <summary>Data made for tests.</summary>
internal static class Series
{
    /// <summary>A wave of period 12 about 50, one point a month.</summary>
    public static Point[] Wave(int rows) => [.. Enumerable.Range(0, rows).Select(i => new Point
    {
        Name = $"row {i}",
        Group = i % 2,
        Time = new DateTime(2000, 1, 1).AddMonths(i),
        Value = 50 + 10 * MathF.Sin(i * MathF.PI / 6),
        Other = i,
        Pair = [i, -i],
    })];

    /// <summary>Sequences of 6 steps of 2 numbers; the labels are simple functions of them.</summary>
    public static Example[] Examples(int rows, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 12).Select(_ => random.NextSingle() * 2 - 1)];
            float sum = features.Where((_, i) => i % 2 == 0).Sum(), last = features[^1];
            return new Example { Features = features, Label = 100 + 10 * sum, Labels = [sum, 5 * last, 1000 + sum], Weight = 1 };
        })];
    }
}
