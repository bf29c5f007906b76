using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Embedding;

/// <summary>A few words and what they say of a film.</summary>
public sealed class Review
{
    public string Text { get; set; } = "";

    [VectorType(2)]
    public string[] Pair { get; set; } = ["good", "film"];

    public bool IsGood { get; set; }

    public float Number { get; set; }

    public static Review[] Many(int rows)
    {
        string[] words = ["good", "bad", "film", "the", "a"];
        var random = new Random(1);
        return [.. Enumerable.Range(0, rows).Select(i =>
        {
            string opinion = words[i % 2];
            IEnumerable<string> rest = Enumerable.Range(0, i % 4).Select(_ => words[random.Next(2, 5)]);
            return new Review { Text = string.Join(' ', [.. rest, opinion]), IsGood = i % 2 == 0, Number = i % 2 };
        })];
    }
}
