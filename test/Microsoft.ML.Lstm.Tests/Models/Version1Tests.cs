namespace Microsoft.ML.Lstm.Tests.Models;

/// <summary>
/// Models of format version 1, saved before there was a second, load for ever and say what they said, bit for bit; a layer-normalised one, whose sums
/// are made in another order since, to six digits.
/// </summary>
public sealed class Version1Tests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("regressor", ModelTask.Regression)]
    [InlineData("regressor-difference", ModelTask.Regression)]
    [InlineData("regressor-quantiles", ModelTask.Regression)]
    [InlineData("regressor-every-step", ModelTask.Regression)]
    [InlineData("classifier", ModelTask.MulticlassClassification)]
    [InlineData("tagger", ModelTask.Tagging)]
    [InlineData("binary", ModelTask.BinaryClassification)]
    public void Predict_SavedByVersion1_GivesTheSameBits(string name, ModelTask task)
    {
        RecurrentModel model = RecurrentModel.Load(SavedScores.Model(name));
        Assert.Equal(task, model.Task);
        RecurrentScorer scorer = model.CreateScorer();

        foreach ((string input, string expected) in SavedScores.Rows(name))
        {
            (float[] features, int[] tokens) = Sequence(model, SavedScores.Floats(input));
            float[] scores = scorer.Score(features, tokens).ToArray();
            // A binary classifier's line has the logit, then the probability.
            float[] found = task == ModelTask.BinaryClassification ? [scorer.Outputs[0], .. scores] : scores;
            if (model.Spec.LayerNormalization)
                Assert.Equal(SavedScores.Floats(expected), found, (a, b) => MathF.Abs(a - b) <= 1e-6f * MathF.Abs(a));
            else
                Assert.Equal(expected, SavedScores.Bits(found));
            Assert.Equal(SavedScores.Bits(scores), SavedScores.Bits(model.Predict(features, tokens)));
        }
    }

    [Theory]
    [InlineData("language-words")]
    [InlineData("language-characters")]
    public void Generate_SavedByVersion1_GivesTheSameBitsAndText(string name)
    {
        RecurrentModel model = RecurrentModel.Load(SavedScores.Model(name));
        (string Input, string Scores)[] rows = [.. SavedScores.Rows(name)];

        foreach ((string text, string expected) in rows[..^1])
            Assert.Equal(expected, SavedScores.Bits(model.Predict(model.Tokenize(text))));
        Assert.Equal(rows[^1].Scores, model.Generate(rows[0].Input[..7], 12, seed: 7));
    }

    [Theory]
    [InlineData("regressor")]
    [InlineData("regressor-difference")]
    [InlineData("regressor-quantiles")]
    [InlineData("classifier")]
    [InlineData("tagger")]
    [InlineData("binary")]
    [InlineData("language-words")]
    public void Load_ByMLNetSavedByVersion1_GivesTheSameBits(string name)
    {
        ITransformer loaded = _ml.Model.Load(SavedScores.Model(name), out _);
        ITransformer transformer = loaded is IEnumerable<ITransformer> chain ? chain.Last() : loaded;
        string path = Path.GetTempFileName();
        try
        {
            // Saved again, in today's format.
            _ml.Model.Save(transformer, null, path);
            RecurrentModel before = ModelOf(transformer), after = RecurrentModel.Load(path);
            Assert.Equal(before.Describe(), after.Describe());
            foreach ((string input, _) in SavedScores.Rows(name).SkipLast(1))
            {
                (float[] features, int[] tokens) = before.Task == ModelTask.LanguageModel ? ([], before.Tokenize(input)) : Sequence(before, SavedScores.Floats(input));
                Assert.Equal(SavedScores.Bits(before.Predict(features, tokens)), SavedScores.Bits(after.Predict(features, tokens)));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static RecurrentModel ModelOf(ITransformer transformer) =>
        transformer is LstmLanguageModelTransformer language ? language.Model : ((RecurrentTransformer)transformer).Model;

    private static (float[] Features, int[] Tokens) Sequence(RecurrentModel model, float[] values)
    {
        int steps = values.Length / (model.Spec.InputSize + (model.Spec.VocabularySize > 0 ? 1 : 0));
        return (values[..(steps * model.Spec.InputSize)], [.. values[(steps * model.Spec.InputSize)..].Select(token => (int)token)]);
    }
}
