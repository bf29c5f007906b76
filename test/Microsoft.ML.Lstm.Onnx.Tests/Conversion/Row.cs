using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Onnx.Tests.Conversion;

/// <summary>A row of everything that pipelines are converted of: sequences of 4 steps.</summary>
public sealed class Row
{
    public const int Steps = 4;

    [VectorType(Steps, 2)]
    public float[] Features { get; set; } = [];

    [VectorType(Steps)]
    public float[] Series { get; set; } = [];

    public float A { get; set; }

    public float B { get; set; }

    public float Next { get; set; }

    public bool IsHigh { get; set; }

    public string Kind { get; set; } = "";

    [VectorType(Steps)]
    public string[] Words { get; set; } = [];

    [VectorType(Steps)]
    public string[] Tags { get; set; } = [];

    /// <summary>Random rows, whose labels follow from their sequences.</summary>
    public static Row[] Create(int count, int seed = 1)
    {
        var random = new Random(seed);
        string[] words = ["the", "price", "is", "high", "low"];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] series = [.. Enumerable.Range(0, Steps).Select(_ => random.NextSingle() * 10)];
            string[] chosen = [.. Enumerable.Range(0, Steps).Select(_ => words[random.Next(words.Length)])];
            return new Row
            {
                Features = [.. series.SelectMany(value => new[] { value, random.NextSingle() })],
                Series = series, A = series[0], B = series[1], Next = series.Sum(), IsHigh = series[3] > 5, Kind = series[0] > 7 ? "rise"
                    : series[0] > 3 ? "still" : "fall",
                Words = chosen, Tags = [.. chosen.Select(word => word == "price" ? "PRICE" : "O")],
            };
        })];
    }
}
