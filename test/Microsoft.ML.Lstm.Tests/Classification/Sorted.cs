using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Classification;

/// <summary>A sequence that belongs to a class: by the sum of its first numbers.</summary>
public sealed class Sorted
{
    [VectorType(6, 2)]
    public float[] Features { get; set; } = new float[12];

    public string Label { get; set; } = "";

    public bool IsHigh { get; set; }

    public float Number { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>Rows of three classes, "low", "middle" and "high"; the first three rows are one of each.</summary>
    public static Sorted[] Many(int rows, int seed = 1)
    {
        Sorted[] all = [.. Series.Examples(10 * rows, seed).Select(e => Of(e.Features))];
        Sorted[] first = [all.First(r => r.Label == "low"), all.First(r => r.Label == "middle"), all.First(r => r.Label == "high")];
        return [.. first, .. all.Except(first).Take(rows - 3)];
    }

    private static Sorted Of(float[] features)
    {
        float sum = features.Where((_, i) => i % 2 == 0).Sum();
        int place = sum < -0.7f ? 0 : sum < 0.7f ? 1 : 2;
        return new Sorted { Features = features, Label = new[] { "low", "middle", "high" }[place], IsHigh = sum > 0, Number = place * 1.5f };
    }
}
