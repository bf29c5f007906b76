using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>What a file says of its model is checked as a whole: a lie never does more than fail to load.</summary>
public sealed class ModelValidationTests
{
    private static readonly NetworkSpec s_numbers = new() { InputSize = 2, HiddenSizes = [3], OutputSize = 2 };
    private static readonly NetworkSpec s_tokens = new() { VocabularySize = 3, EmbeddingSize = 2, HiddenSizes = [3], OutputSize = 3 };

    [Theory]
    [InlineData("input", "\"Features\":{", "\"Features\":null,\"X\":{", "Features is null")]
    [InlineData("input", "\"Name\":\"Features\"", "\"Name\":null", "name of the input's Features is null")]
    [InlineData("input", "\"StepSize\":2", "\"StepSize\":1", "StepSize of the features is 1; expected 2")]
    [InlineData("input", "\"StepCount\":null", "\"StepCount\":-3", "StepCount of the input's Features is -3")]
    [InlineData("score", "\"Size\":2", "\"Size\":1", "Size of the values is 1; expected 2")]
    [InlineData("score", "\"IsScalar\":false", "\"IsScalar\":true", "IsScalar of the values is True")]
    [InlineData("score", "[\"y0\",\"y1\"]", "null", "names of the values is null")]
    [InlineData("score", "[\"y0\",\"y1\"]", "[\"y0\",null]", "names of the values is null")]
    [InlineData("score", "[\"y0\",\"y1\"]", "[\"y0\"]", "number of names of the values is 1; expected 2")]
    [InlineData("score", "\"IsEveryStep\":false", "\"IsEveryStep\":true", "IsEveryStep of the values is True")]
    [InlineData("history", "\"Epochs\":[", "\"Epochs\":[null,", "Epochs is null")]
    [InlineData("history", "\"End\":\"Completed\"", "\"End\":77", "End is 77")]
    [InlineData("history", "{\"Epochs\"", "[{\"Epochs\"", "'history' is not JSON as expected")]
    [InlineData("diagnosis", "[]", "null", "Findings is null")]
    [InlineData("diagnosis", "[]", "[{\"Code\":\"Diverged\",\"Severity\":\"Warning\",\"Message\":null,\"Advice\":\"\"}]", "finding of the diagnosis is null")]
    [InlineData("diagnosis", "[]", "[{\"Code\":999,\"Severity\":\"Warning\",\"Message\":\"\",\"Advice\":\"\",\"Evidence\":{}}]", "code of a finding is 999")]
    public void Load_RegressionWhoseMetadataLies_SaysWhat(string key, string from, string to, string message) =>
        AssertRefused(s_numbers, new LossSpec(), ModelHead.Of(new ScoreValues(2, false, ["y0", "y1"], false, false)), key, from, to, message);

    [Theory]
    [InlineData("\"ClassCount\":3", "\"ClassCount\":1", "ClassCount is 1; expected 3")]
    [InlineData("[\"a\",\"b\",\"c\"]", "[\"a\",\"b\"]", "number of names of the classes is 2; expected 3")]
    [InlineData("[\"a\",\"b\",\"c\"]", "[\"a\",null,\"c\"]", "names of the classes is null")]
    [InlineData("[\"a\",\"b\",\"c\"]", "null", "names of the classes is null")]
    [InlineData("\"Text\"", "null", "type of the classes' values is null")]
    public void Load_ClassifierWhoseMetadataLies_SaysWhat(string from, string to, string message) =>
        AssertRefused(s_tokens, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy },
            ModelHead.Of(ModelTask.MulticlassClassification, new ModelClasses(3, new ClassValues("Text", ["a", "b", "c"]))), "classes", from, to, message);

    [Theory]
    [InlineData("[\"u\",\"a\",\"b\"]", "[\"u\",\"a\",\"a\"]", "has 'a' twice")]
    [InlineData("[\"u\",\"a\",\"b\"]", "[\"u\",\"a\"]", "number of tokens in the vocabulary is 2; expected 3")]
    [InlineData("[\"u\",\"a\",\"b\"]", "[\"u\",null,\"b\"]", "null as token 1")]
    [InlineData("[\"u\",\"a\",\"b\"]", "null", "null tokens")]
    [InlineData("[\"u\",\"a\",\"b\"]", "[]", "0 tokens")]
    [InlineData("\"EndOfRow\":null", "\"EndOfRow\":3", "end of a row is 3")]
    public void Load_LanguageModelWhoseMetadataLies_SaysWhat(string from, string to, string message) =>
        AssertRefused(s_tokens with { Output = OutputPosition.EveryStep }, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy },
            ModelHead.Of(new Vocabulary(["u", "a", "b"], null)), "vocabulary", from, to, message);

    [Fact]
    public void Load_LossUndefinedOrOfAnotherTask_SaysWhat()
    {
        ModelHead head = ModelHead.Of(new ScoreValues(2, false, ["y0", "y1"], false, false));

        Assert.Contains("loss is 99", Refusal(s_numbers, new LossSpec { Kind = (LossKind)99 }, head).Message, StringComparison.Ordinal);
        Assert.Contains("loss is SoftmaxCrossEntropy", Refusal(s_numbers, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy }, head).Message, StringComparison.Ordinal);
        Assert.Contains("Quantiles is 7", Refusal(s_numbers, new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 7] }, head).Message, StringComparison.Ordinal);
        Assert.Contains("Quantiles is null", Refusal(s_numbers, new LossSpec { Kind = LossKind.Quantile, Quantiles = null! }, head).Message, StringComparison.Ordinal);
        Assert.Contains("Output is 7", Refusal(s_numbers with { Output = (OutputPosition)7 }, new LossSpec(), head).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Load_WeightsThatAreNotFinite_NamesTheTensor(float value)
    {
        ModelFile file = TestModel.File(s_numbers);
        float[] weights = file.Weights.ToArray();
        weights[new ParameterLayout(s_numbers)["rnn.bias_hh_l0"].Offset + 1] = value;
        var stream = new MemoryStream();
        new ModelFile { Spec = file.Spec, Loss = file.Loss, Weights = weights }.Write(stream);
        stream.Position = 0;

        Assert.Contains("'rnn.bias_hh_l0'", Assert.Throws<InvalidDataException>(() => RecurrentModel.Load(stream)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(NetworkSpec spec, LossSpec loss, ModelHead head, string key, string from, string to, string message)
    {
        Assert.Equal(head.Task, Load(spec, loss, TestModel.Metadata(spec, head)).Task);
        Dictionary<string, string> metadata = TestModel.Metadata(spec, head);
        Assert.Contains(from, metadata[key], StringComparison.Ordinal);
        metadata[key] = metadata[key].Replace(from, to, StringComparison.Ordinal);

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Load(spec, loss, metadata)).Message, StringComparison.Ordinal);
    }

    private static InvalidDataException Refusal(NetworkSpec spec, LossSpec loss, ModelHead head) =>
        Assert.Throws<InvalidDataException>(() => Load(spec, loss, TestModel.Metadata(spec, head)));

    private static RecurrentModel Load(NetworkSpec spec, LossSpec loss, Dictionary<string, string> metadata)
    {
        var stream = new MemoryStream();
        new ModelFile { Spec = spec, Loss = loss, Weights = TestModel.File(spec).Weights, Metadata = metadata }.Write(stream);
        stream.Position = 0;
        return RecurrentModel.Load(stream);
    }
}
