using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>A row of everything that the targets' pipelines read.</summary>
internal sealed class Rows
{
    [VectorType(4, 2)]
    public float[] Features { get; set; } = new float[8];

    public float Label { get; set; }

    public bool IsHigh { get; set; }

    public string Class { get; set; } = "";

    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public string Group { get; set; } = "";

    public float Value { get; set; }

    /// <summary>Rows made of waves and three words.</summary>
    public static Rows[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => new Rows
    {
        Features = [.. Enumerable.Range(i, 8).Select(k => MathF.Sin(k))],
        Label = MathF.Sin(i + 9),
        IsHigh = i % 2 == 0,
        Class = new[] { "low", "middle", "high" }[i % 3],
        Words = [new[] { "one", "two", "red" }[i % 3], new[] { "fish", "hen" }[i % 2], "end"],
        Tags = [i % 3 == 0 ? "B-X" : "O", "O", "I-X"],
        Group = i % 2 == 0 ? "a" : "b",
        Value = MathF.Sin(i),
    })];
}
