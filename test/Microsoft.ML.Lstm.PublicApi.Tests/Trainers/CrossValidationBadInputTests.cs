using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Trainers;

/// <summary>What cannot be cross-validated is refused, by name, before anything is trained.</summary>
public sealed class CrossValidationBadInputTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<EpochReport> _trained = [];

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-3)]
    public void CrossValidate_FewerThanTwoFolds_IsRefused(int folds)
    {
        string expected = $"numberOfFolds is {folds}; expected 2 or more";
        AssertRefused<ArgumentOutOfRangeException>(expected, () => _ml.MulticlassClassification.CrossValidateTags(Load(9), Tagger(), folds));
        AssertRefused<ArgumentOutOfRangeException>(expected, () => _ml.Transforms.Text.CrossValidateLanguageModel(Load(9), LanguageModel(), folds));
    }

    [Fact]
    public void CrossValidate_MoreFoldsThanRows_IsRefused()
    {
        AssertRefused<ArgumentOutOfRangeException>("numberOfFolds is 5, and the data has 4 rows", () => _ml.Transforms.Text.CrossValidateLanguageModel(Load(4), LanguageModel()));
        AssertRefused<ArgumentOutOfRangeException>("numberOfFolds is 5, and fold ", () => _ml.MulticlassClassification.CrossValidateTags(Load(4), Tagger()));
        AssertRefused<ArgumentOutOfRangeException>("numberOfFolds is 3, and fold ", () => _ml.MulticlassClassification.CrossValidateTags(Load(40), Tagger(), 3, samplingKeyColumnName: "Key"));
    }

    [Fact]
    public void CrossValidate_ColumnMissingOrIllTyped_IsNamed()
    {
        AssertRefused<ArgumentOutOfRangeException>("label column 'Etikett'", () => _ml.MulticlassClassification.CrossValidateTags(Load(9), Tagger(), labelColumnName: "Etikett"));
        AssertRefused<ArgumentOutOfRangeException>("predicted label column 'Text': expected a vector of keys",
            () => _ml.MulticlassClassification.CrossValidateTags(Load(9), Tagger(), predictedLabelColumnName: "Text"));
        AssertRefused<ArgumentOutOfRangeException>("'Document'", () => _ml.MulticlassClassification.CrossValidateTags(Load(9), Tagger(), samplingKeyColumnName: "Document"));
        AssertRefused<ArgumentOutOfRangeException>("feature column 'Tokens'", () => _ml.MulticlassClassification.CrossValidateTags(Load(9), Trainer()));
        AssertRefused<ArgumentOutOfRangeException>("input column 'Tokens'", () => _ml.Transforms.Text.CrossValidateLanguageModel(Load(9), _ml.Transforms.Text.LstmLanguageModel()));
    }

    [Fact]
    public void CrossValidate_EstimatorWithoutLanguageModel_IsRefused()
    {
        const string Expected = "none is a language model's; expected an estimator with LstmLanguageModel that keeps its column Score";
        AssertRefused<ArgumentException>(Expected, () => _ml.Transforms.Text.CrossValidateLanguageModel(Load(9), Tagger()));
        AssertRefused<ArgumentException>(Expected, () => _ml.Transforms.Text.CrossValidateLanguageModel(Load(9), LanguageModel().Append(_ml.Transforms.SelectColumns("Text"))));
    }

    [Fact]
    public void CrossValidate_ModelThatHidesItsSteps_IsRefused() => Assert.Contains("The steps of the trained model are Hidden; expected a LstmLanguageModelTransformer among them",
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.Text.CrossValidateLanguageModel(Load(20), new Hiding(LanguageModel()), 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void CrossValidate_NullArguments_AreNamed()
    {
        Assert.Equal("data", Assert.Throws<ArgumentNullException>(() => _ml.MulticlassClassification.CrossValidateTags(null!, Tagger())).ParamName);
        Assert.Equal("estimator", Assert.Throws<ArgumentNullException>(() => _ml.MulticlassClassification.CrossValidateTags(Load(9), null!)).ParamName);
        Assert.Equal("data", Assert.Throws<ArgumentNullException>(() => _ml.Transforms.Text.CrossValidateLanguageModel(null!, LanguageModel())).ParamName);
        Assert.Equal("estimator", Assert.Throws<ArgumentNullException>(() => _ml.Transforms.Text.CrossValidateLanguageModel(Load(9), null!)).ParamName);
    }

    private void AssertRefused<TException>(string expected, Func<object> call)
        where TException : Exception
    {
        Assert.Contains(expected, Assert.Throws<TException>(call).Message, StringComparison.Ordinal);
        Assert.Empty(_trained);
    }

    private IDataView Load(int rows) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row { Text = "a b c", Tags = i % 2 == 0 ? "O B-X O" : "O O O" }));

    private EstimatorChain<ITransformer> Words() => new EstimatorChain<ITransformer>()
        .Append((IEstimator<ITransformer>)_ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Row.Text)))
        .Append((IEstimator<ITransformer>)_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
        .Append((IEstimator<ITransformer>)_ml.Transforms.Text.TokenizeIntoWords("Label", nameof(Row.Tags)))
        .Append((IEstimator<ITransformer>)_ml.Transforms.Conversion.MapValueToKey("Label"));

    private LstmTagger Trainer() => _ml.MulticlassClassification.Trainers.LstmTagger(
        new LstmTagger.Options { FeatureColumnName = "Tokens", NumberOfEpochs = 1, EpochDone = _trained.Add });

    private IEstimator<ITransformer> Tagger() => Words().Append(Trainer());

    private EstimatorChain<LstmLanguageModelTransformer> LanguageModel() => Words().Append(_ml.Transforms.Text.LstmLanguageModel(
        new LstmLanguageModel.Options { HiddenSizes = [4], NumberOfEpochs = 1, EpochDone = _trained.Add }));

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Tags { get; set; } = "";

        [KeyType(2)]
        public uint Key { get; set; } = 1;
    }

    private sealed class Hiding(IEstimator<ITransformer> inner) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new Hidden(inner.Fit(input));

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inner.GetOutputSchema(inputSchema);
    }

    private sealed class Hidden(ITransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public void Save(ModelSaveContext ctx) => inner.Save(ctx);
    }
}
