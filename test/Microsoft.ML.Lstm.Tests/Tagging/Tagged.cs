namespace Microsoft.ML.Lstm.Tests.Tagging;

/// <summary>A sentence with a tag for each of its words.</summary>
public sealed class Tagged
{
    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public float Weight { get; set; } = 1;
}

/// <summary>Sentences made for tests: prices in words. Which number words are a price shows only in the word that follows them.</summary>
internal static class Prices
{
    private static readonly string[] Numbers = ["one", "two", "ten", "six"];

    public static Tagged[] Sentences(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            List<string> words = [], tags = [];
            for (int part = 0, parts = random.Next(1, 4); part < parts; part++)
            {
                bool isPrice = random.Next(2) == 0;
                for (int i = 0, length = random.Next(1, 3); i < length; i++)
                {
                    words.Add(Numbers[random.Next(4)]);
                    tags.Add(!isPrice ? "O" : i == 0 ? "B-PRICE" : "I-PRICE");
                }
                words.Add(isPrice ? "euros" : "apples");
                tags.Add(isPrice ? "I-PRICE" : "O");
            }
            return new Tagged { Words = [.. words], Tags = [.. tags], Weight = random.Next(1, 3) };
        })];
    }

    /// <summary>Keys of the words in <c>Features</c>, of the tags in <c>Label</c>.</summary>
    public static IDataView Keys(MLContext ml, params Tagged[] rows) => Pipeline(ml).Fit(ml.Data.LoadFromEnumerable(Sentences(60))).Transform(ml.Data.LoadFromEnumerable(rows));

    public static IEstimator<ITransformer> Pipeline(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Features", "Words").Append(ml.Transforms.Conversion.MapValueToKey("Label", "Tags"));

    public static LstmTagger.Options Quick() => new()
    {
        HiddenSizes = [8],
        EmbeddingSize = 8,
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        BatchSize = 8,
        Seed = 1,
    };
}
