namespace Microsoft.ML.Lstm.Tests.Text;

public class GenerationTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly Lazy<LstmLanguageModelTransformer> Words =
        new(() => Ml.Transforms.Text.LstmLanguageModel(Sentences.Thorough()).Fit(Sentences.Words(Ml, 60)));

    [Fact]
    public void Generate_PromptOfWords_WritesOn() =>
        Assert.Equal("fish <eos>", Words.Value.Generate("one fish two", 2, temperature: 0));

    [Fact]
    public void Generate_PromptOfCharacters_WritesOn()
    {
        LstmLanguageModel.Options options = Sentences.Thorough();
        (options.EndOfRowToken, options.HiddenSizes, options.StepsPerBatch) = ("\n", [32], 20);
        LstmLanguageModelTransformer model = Ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Characters(Ml, 60));

        string text = model.Generate("one fish t", 8, temperature: 0);

        Assert.Equal("wo fish\n", text);
    }

    [Fact]
    public void Generate_SameSeed_WritesTheSame()
    {
        string text = Words.Value.Generate("", 60, seed: 7);

        Assert.Equal(text, Words.Value.Generate("", 60, seed: 7));
        Assert.NotEqual(text, Words.Value.Generate("", 60, seed: 8));
        Assert.NotEqual(Words.Value.Generate("", 60), Words.Value.Generate("", 60));
        Assert.DoesNotContain("<unk>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_LoadedModel_WritesTheSame()
    {
        using var stream = new MemoryStream();
        Ml.Model.Save(Words.Value, null, stream);
        stream.Position = 0;
        var loaded = (LstmLanguageModelTransformer)new MLContext().Model.Load(stream, out _);

        Assert.Equal(Words.Value.Generate("old cow", 40, seed: 3), loaded.Generate("old cow", 40, seed: 3));
        Assert.Equal(Words.Value.History.Epochs, loaded.History.Epochs);
    }

    [Fact]
    public void GenerateTokens_Asked_ComeOneByOne()
    {
        IEnumerable<string> tokens = Words.Value.GenerateTokens(["one", "fish"], temperature: 0);

        Assert.Equal(["two", "fish", "<eos>"], tokens.Take(3));
        Assert.Equal(tokens.Take(20), tokens.Take(20));
    }

    [Fact]
    public void Generate_UnknownWordsInThePrompt_AreTheUnknownToken() =>
        Assert.Equal(Words.Value.Generate("<unk> fish", 10, seed: 1), Words.Value.Generate("zebra fish", 10, seed: 1));

    [Fact]
    public void Generate_SeveralThreads_WriteAtOnce()
    {
        string alone = Words.Value.Generate("one", 30, seed: 5);

        Assert.All(Enumerable.Range(0, 8).AsParallel().Select(_ => Words.Value.Generate("one", 30, seed: 5)).ToArray(), text => Assert.Equal(alone, text));
    }

    [Theory]
    [InlineData(0, 1.0, null, null, "length is 0; expected 1 or more")]
    [InlineData(1, -0.5, null, null, "temperature is -0.5; expected 0 or more")]
    [InlineData(1, double.NaN, null, null, "temperature is NaN")]
    [InlineData(1, 1.0, 0, null, "topK is 0; expected 1 or more")]
    [InlineData(1, 1.0, null, 0.0, "topP is 0; expected more than 0 and at most 1")]
    [InlineData(1, 1.0, null, 1.5, "topP is 1.5")]
    public void Generate_ArgumentOutOfRange_IsNamedBeforeAnythingIsWritten(int length, double temperature, int? topK, double? topP, string expected)
    {
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Words.Value.GenerateTokens([], length, temperature, topK, topP)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => Words.Value.Generate("", length, temperature, topK, topP)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_ModelWithoutRowEnds_NeedsAPrompt()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.EndOfRowToken = null;
        LstmLanguageModelTransformer model = Ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(Ml, 12));

        Assert.Contains("prompt has 0 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => model.Generate(" ", 1)).Message, StringComparison.Ordinal);
    }
}
