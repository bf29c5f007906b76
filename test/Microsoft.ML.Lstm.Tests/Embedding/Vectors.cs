namespace Microsoft.ML.Lstm.Tests.Embedding;

/// <summary>A few word vectors in GloVe's form.</summary>
internal static class Vectors
{
    public const string Text = """
        good 1 0 0.5
        bad -1 0 0.25
        film 0 2e0 0
        . . . 0 0 1

        """;

    public static WordVectors Few() => Read(Text);

    public static WordVectors Read(string text) => WordVectors.Read(new StringReader(text));
}
