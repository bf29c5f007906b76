using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Text;

public class LanguageModelBadInputTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmLanguageModel_OptionsThatDoNotFit_AreNamed()
    {
        Rejects(o => (o.TiedEmbeddings, o.EmbeddingSize, o.HiddenSizes) = (true, 8, [16]), "TiedEmbeddings is True; expected false, unless EmbeddingSize (8) is the last of HiddenSizes (16)");
        Rejects(o => o.StepsPerBatch = 0, "StepsPerBatch is 0; expected 1 or more");
        Rejects(o => o.BatchSize = 0, "BatchSize is 0; expected 1 or more");
        Rejects(o => o.EmbeddingSize = 0, "EmbeddingSize is 0; expected 1 or more");
        Rejects(o => o.HiddenSizes = [], "HiddenSizes is no layer");
        Rejects(o => o.LabelSmoothing = 1, "LabelSmoothing is 1");
        Rejects(o => o.InputColumnName = "", "InputColumnName is empty; expected the name of a column");
        Rejects(o => o.UnknownToken = "", "UnknownToken is empty");
        Rejects(o => o.EndOfRowToken = "", "EndOfRowToken is empty");
        Rejects(o => o.EndOfRowToken = "<unk>", "EndOfRowToken is <unk>; expected another text than UnknownToken");
        Assert.Contains("HiddenSizes is no layer", Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Text.LstmLanguageModel(numberOfLayers: 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_TextThatIsNoKeys_SaysHowToMakeThem()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.InputColumnName = "Text";

        string error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Load(_ml, 3))).Message;

        Assert.Contains("'Text'", error, StringComparison.Ordinal);
        Assert.Contains("TokenizeIntoWords with MapValueToKey", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "'Tokens' has 0 tokens in 0 rows; expected at least 1")]
    [InlineData(3, 0, "'Tokens' has 0 tokens in 3 rows")]
    [InlineData(2, 4, "'Tokens' has 8 tokens, all of them missing keys")]
    public void Fit_NoKnownToken_IsRefused(int rows, int tokens, string expected)
    {
        IDataView data = Keys([.. Enumerable.Repeat(new uint[tokens], rows)]);

        Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() => Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OneToken_IsEnoughOnlyWithEndOfRow()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.EndOfRowToken = null;

        Assert.Equal(2, Fit(Keys([2])).Evaluate(Keys([2])).TokenCount);
        Assert.Contains("has 1 token in 1 row; expected at least 2",
            Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Text.LstmLanguageModel(options).Fit(Keys([2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_FewerTokensThanStreams_TrainsWithFewerStreams()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.BatchSize = 500;

        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 12));

        Assert.All(model.History.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss) && epoch.ValidationLoss is not null));
    }

    [Fact]
    public void Transform_EmptyRow_IsScoredOnlyAfterARowEnd()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.EndOfRowToken = null;
        IDataView training = Keys([1, 2, 3], [], [2, 3]), rows = Keys([], [1]);

        IDataView with = Fit(training).Transform(rows), without = _ml.Transforms.Text.LstmLanguageModel(options).Fit(training).Transform(rows);

        Assert.Equal([true, true], with.GetColumn<float[]>("Score").Select(s => s.All(float.IsFinite)));
        Assert.Equal([false, true], without.GetColumn<float[]>("Score").Select(s => s.All(float.IsFinite)));
        Assert.Equal([true, false], without.GetColumn<uint>("PredictedLabel").Select(key => key == 0));
    }

    [Fact]
    public void Transform_UnseenTokensAndMissingKeys_AreTheUnknownToken()
    {
        LstmLanguageModelTransformer model = Fit(Keys([1, 2, 3], [1, 0, 3]));

        float[][] scores = [.. model.Transform(Keys([1, 4], [1, 5], [1, 0], [1, 2])).GetColumn<float[]>("Score")];

        Assert.Equal(["<unk>", "<eos>", "1", "2", "3"], model.Vocabulary);
        Assert.Equal(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[2]);
        Assert.NotEqual(scores[0], scores[3]);
        Assert.Equal(2, model.Evaluate(Keys([4, 1, 0])).UnknownTokenCount);
    }

    [Fact]
    public void Transform_KeysOfOtherNumbers_AreKnownByTheirValues()
    {
        LstmLanguageModelTransformer model = Fit(Sentences.Words(_ml, 12));
        // The same words in another order of keys.
        IDataView other = Sentences.WordPipeline(_ml).Fit(_ml.Data.LoadFromEnumerable(Sentences.Lines(12).Reverse())).Transform(Sentences.Load(_ml, 12));

        Assert.NotEqual(Sentences.Words(_ml, 12).GetColumn<uint[]>("Tokens").First(), other.GetColumn<uint[]>("Tokens").First());
        Assert.Equal(model.Evaluate(Sentences.Words(_ml, 12)).CrossEntropy, model.Evaluate(other).CrossEntropy);
    }

    [Fact]
    public void Fit_WordWithTheTextOfASpecialToken_IsThatToken()
    {
        Line[] lines = [new() { Text = "a <unk> b" }, new() { Text = "b <eos> a" }];
        IDataView data = _ml.Data.LoadFromEnumerable(lines);

        LstmLanguageModelTransformer model = Fit(Sentences.WordPipeline(_ml).Fit(data).Transform(data));

        Assert.Equal(["<unk>", "<eos>", "a", "b"], model.Vocabulary);
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        LstmLanguageModel.Options options = Sentences.Quick();
        (options.CancellationToken, options.BatchDone) = (source.Token, _ => source.Cancel());

        Assert.Throws<OperationCanceledException>(() => _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 12)));
    }

    private LstmLanguageModelTransformer Fit(IDataView data) => _ml.Transforms.Text.LstmLanguageModel(Sentences.Quick()).Fit(data);

    private IDataView Keys(params uint[][] rows) => _ml.Data.LoadFromEnumerable(rows.Select(r => new KeyRow { Tokens = r }));

    private void Rejects(Action<LstmLanguageModel.Options> change, string expected)
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        change(options);
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Text.LstmLanguageModel(options)).Message, StringComparison.Ordinal);
    }
}
