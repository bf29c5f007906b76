using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tests.Estimators;

namespace Microsoft.ML.Lstm.Tests.Embedding;

public class EmbedSequenceTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("Words")]
    [InlineData("Keys")]
    [InlineData("Pair")]
    public void EmbedSequence_AnyInput_KeepsToWhatEveryEstimatorKeepsTo(string input) =>
        CheckEstimator.Run(_ml, _ml.Transforms.EmbedSequence("Vectors", input, Vectors.Few()), Words("bad film", "good", "an odd film"), [input], [input]);

    [Theory]
    [InlineData("Words", UnknownWord.Zero)]
    [InlineData("Keys", UnknownWord.Zero)]
    [InlineData("Words", UnknownWord.Mean)]
    [InlineData("Keys", UnknownWord.Mean)]
    public void Transform_Words_BecomeTheirVectorsInOrder(string input, UnknownWord unknown)
    {
        IDataView data = Words("film bad", "odd good", "");

        IDataView embedded = _ml.Transforms.EmbedSequence("Vectors", input, Vectors.Few(), unknown).Fit(data).Transform(data);

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 0, 3), embedded.Schema["Vectors"].Type);
        float[] odd = unknown == UnknownWord.Mean ? [0, 0.5f, 0.4375f] : [0, 0, 0];
        Assert.Equal([[0, 2, 0, -1, 0, 0.25f], [.. odd, 1, 0, 0.5f], []], embedded.GetColumn<float[]>("Vectors"));
    }

    [Fact]
    public void Transform_KnownNumberOfWords_IsAKnownNumberOfSteps()
    {
        IDataView embedded = _ml.Transforms.EmbedSequence("Pair", null, Vectors.Few()).Fit(Words("a")).Transform(Words("a"));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 3), embedded.Schema["Pair"].Type);
        Assert.Equal([1, 0, 0.5f, 0, 2, 0], embedded.GetColumn<float[]>("Pair").Single());
    }

    [Fact]
    public void Transform_OtherKeys_KeepsTheWordsFittedOn()
    {
        var mapping = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"));
        IDataView fitted = Load("film bad"), other = Load("good bad");
        EmbedSequenceTransformer model = _ml.Transforms.EmbedSequence("Vectors", "Keys", Vectors.Few()).Fit(mapping.Fit(fitted).Transform(fitted));

        Assert.Equal([0, 0, 0, -1, 0, 0.25f], model.Transform(mapping.Fit(other).Transform(other)).GetColumn<float[]>("Vectors").Single());
    }

    [Fact]
    public void Fit_TrainerAfterEmbedSequence_TakesVectorsAsSteps()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Review.Many(60));
        var chain = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(_ml.Transforms.EmbedSequence("Vectors", "Words", Vectors.Few()))
            .Append(_ml.BinaryClassification.Trainers.LstmBinaryClassifier("IsGood", "Vectors", hiddenSize: 8, numberOfEpochs: 30, learningRate: 0.03f));

        IDataView scored = chain.Fit(data).Transform(data);

        Assert.Equal(1, _ml.BinaryClassification.Evaluate(scored, "IsGood").Accuracy);
    }

    [Theory]
    [InlineData("Number", "token column 'Number': expected a vector of text, or of keys that stand for text, got Single")]
    [InlineData("Text", "token column 'Text': expected a vector of text, or of keys that stand for text, got String")]
    [InlineData("NumberKeys", "token column 'NumberKeys': expected keys that stand for text, as Conversion.MapValueToKey makes of words, got keys of Single")]
    public void Fit_ColumnOfNoWords_IsNamed(string input, string expected)
    {
        IDataView data = Words("good");
        data = _ml.Transforms.Concatenate("NumberKeys", "Number", "Number").Append(_ml.Transforms.Conversion.MapValueToKey("NumberKeys")).Fit(data).Transform(data);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.EmbedSequence("Vectors", input, Vectors.Few()).Fit(data));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NoWordHasAVector_IsAnError()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.EmbedSequence("Vectors", "Keys", Vectors.Few()).Fit(Words("GOOD FILM")));

        Assert.StartsWith("None of the 2 words of column 'Keys', such as 'GOOD', has a vector; expected words as they were", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmbedSequence_BadArguments_AreNamed()
    {
        Assert.Throws<ArgumentNullException>(() => _ml.Transforms.EmbedSequence("Vectors", "Words", null!));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.EmbedSequence("", "Words", Vectors.Few()));
        Assert.Contains("unknownWord is 7; expected one of Zero, Mean", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.EmbedSequence("Vectors", "Words", Vectors.Few(), (UnknownWord)7)).Message, StringComparison.Ordinal);
    }

    private IDataView Load(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Review { Text = text }).ToArray());

    private IDataView Words(params string[] texts)
    {
        IDataView data = Load(texts);
        return _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words")).Fit(data).Transform(data);
    }
}
