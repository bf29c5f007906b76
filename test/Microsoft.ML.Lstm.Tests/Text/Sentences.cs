using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Text;

/// <summary>A line of text.</summary>
public sealed class Line
{
    public string Text { get; set; } = "";
}

/// <summary>A row of keys without values.</summary>
public sealed class KeyRow
{
    [KeyType(5)]
    public uint[] Tokens { get; set; } = [];
}

/// <summary>Text made for tests: after each word there is one that can follow, but for the first.</summary>
internal static class Sentences
{
    private static readonly string[] Songs = ["one fish two fish", "red hen blue hen", "old cow new cow"];

    public static Line[] Lines(int count) => [.. Enumerable.Range(0, count).Select(i => new Line { Text = Songs[i * i % 7 % 3] })];

    /// <summary>Words as keys, in the column <c>Tokens</c>.</summary>
    public static IDataView Words(MLContext ml, int count) => WordPipeline(ml).Fit(Load(ml, 30)).Transform(Load(ml, count));

    public static IEstimator<ITransformer> WordPipeline(MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"));

    /// <summary>Characters as keys, in the column <c>Tokens</c>.</summary>
    public static IDataView Characters(MLContext ml, int count) =>
        ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Tokens", "Text", useMarkerCharacters: false).Fit(Load(ml, count)).Transform(Load(ml, count));

    public static IDataView Load(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Lines(count));

    public static LstmLanguageModel.Options Quick() => new()
    {
        HiddenSizes = [16],
        EmbeddingSize = 8,
        BatchSize = 4,
        StepsPerBatch = 8,
        NumberOfEpochs = 3,
        NumberOfThreads = 1,
        Seed = 1,
    };

    /// <summary>Enough to know the text by heart.</summary>
    public static LstmLanguageModel.Options Thorough()
    {
        LstmLanguageModel.Options options = Quick();
        (options.NumberOfEpochs, options.LearningRate, options.Patience) = (40, 0.02f, null);
        return options;
    }
}
