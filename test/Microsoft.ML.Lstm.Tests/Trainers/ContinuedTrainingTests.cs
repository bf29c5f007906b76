using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Tests.Trainers;

public sealed class ContinuedTrainingTests
{
    // Less than half of the last place of any weight, so that an update moves nothing.
    private const float NoRate = 1e-30f;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Fit_RegressorWithoutLearningRate_IsTheInitialModelWhateverTheNewDataAre()
    {
        LstmRegressionTransformer first = Regressor(_ => { }).Fit(Rows(60, 1));

        LstmRegressionTransformer second = Regressor(o => o.LearningRate = NoRate).Fit(Rows(40, 1000), first);

        IDataView test = Rows(30, 5);
        Assert.Equal(first.Transform(test).GetColumn<float>("Score").ToArray(), second.Transform(test).GetColumn<float>("Score").ToArray());
        Assert.Equal(first.Model.FeatureScaling!.Mean.ToArray(), second.Model.FeatureScaling!.Mean.ToArray());
    }

    [Fact]
    public void Fit_ClassifiersAndTagger_ContinueFromTheOptionsModelOrAChain()
    {
        IDataView data = Rows(60, 1);
        var keys = _ml.Transforms.Conversion.MapValueToKey("Class").Append(_ml.Transforms.Conversion.MapValueToKey("Tags"));
        ITransformer mapped = keys.Fit(data);
        IDataView rows = mapped.Transform(data);

        ITransformer first = keys.Append(_ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options { LabelColumnName = "Class", HiddenSizes = [5], NumberOfEpochs = 2 })).Fit(data);
        var second = _ml.MulticlassClassification.Trainers.LstmClassifier(
            new LstmClassifier.Options { LabelColumnName = "Class", HiddenSizes = [5], NumberOfEpochs = 1, LearningRate = NoRate, InitialModel = first }).Fit(rows);
        Assert.Equal(Scores(first.Transform(data)), Scores(second.Transform(data)));

        var binary = new LstmBinaryClassifier.Options { LabelColumnName = "Sign", HiddenSizes = [5], NumberOfEpochs = 2 };
        LstmBinaryClassificationTransformer truth = _ml.BinaryClassification.Trainers.LstmBinaryClassifier(binary).Fit(data);
        (binary.LearningRate, binary.InitialModel) = (NoRate, truth);
        Assert.Equal(Weights(truth.Model), Weights(_ml.BinaryClassification.Trainers.LstmBinaryClassifier(binary).Fit(data).Model));

        var tagger = new LstmTagger.Options { LabelColumnName = "Tags", HiddenSizes = [5], NumberOfEpochs = 2 };
        LstmTaggingTransformer tags = _ml.MulticlassClassification.Trainers.LstmTagger(tagger).Fit(rows);
        tagger.LearningRate = NoRate;
        Assert.Equal(Weights(tags.Model), Weights(_ml.MulticlassClassification.Trainers.LstmTagger(tagger).Fit(rows, tags).Model));
    }

    [Fact]
    public void Fit_LanguageModel_KeepsItsVocabulary()
    {
        IDataView Text(string text) => _ml.Transforms.Conversion.MapValueToKey("Tokens").Fit(Lines(text)).Transform(Lines(text));
        IDataView Lines(string text) => _ml.Data.LoadFromEnumerable([new Line { Tokens = [.. text.Select(c => c.ToString())] }]);
        var options = new LstmLanguageModel.Options { HiddenSizes = [8], EmbeddingSize = 4, NumberOfEpochs = 2, BatchSize = 2 };
        LstmLanguageModelTransformer first = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Text("abcabcabcabcabcabcabcabc"));
        options.LearningRate = NoRate;

        LstmLanguageModelTransformer second = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Text("xabcxabcxabcxabc"), first);

        Assert.Equal(first.Model.OutputNames, second.Model.OutputNames);
        Assert.Equal(Weights(first.Model), Weights(second.Model));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_FrozenLayers_StayBitForBit(int layers)
    {
        LstmRegressionTransformer first = Regressor(_ => { }).Fit(Rows(60, 1));

        LstmRegressionTransformer second = Regressor(o => (o.FrozenLayers, o.Optimizer) = (layers, new OptimizerSpec { Kind = OptimizerKind.AdamW, WeightDecay = 0.1f })).Fit(Rows(60, 3), first);

        Dictionary<string, float[]> before = Weights(first.Model), after = Weights(second.Model);
        foreach ((string name, float[] values) in before)
        {
            bool isFrozen = Enumerable.Range(0, layers).Any(layer => name.EndsWith($"_l{layer}", StringComparison.Ordinal));
            Assert.True(isFrozen == values.AsSpan().SequenceEqual(after[name]), name);
        }
    }

    [Fact]
    public void Fit_WhatIsNotTheInitialModels_IsNamed()
    {
        IDataView data = Rows(60, 1);
        LstmRegressionTransformer first = Regressor(_ => { }).Fit(data);
        string Message(Action<LstmRegressor.Options> change) => Assert.ThrowsAny<ArgumentException>(() => Regressor(change).Fit(data, first)).Message;

        Assert.Contains("HiddenSizes is [7, 5]; expected [6, 5], as the initial model has", Message(o => o.HiddenSizes = [7, 5]));
        Assert.Contains("Cell is Gru; expected Lstm, as the initial model has", Message(o => o.Cell = CellKind.Gru));
        Assert.Contains("FeatureColumnName is Other; expected Features, as the initial model has", Message(o => o.FeatureColumnName = "Other"));
        Assert.Contains("Loss.Quantiles is [0.5]; expected [], as the initial model has", Message(o => o.Loss = new LossSpec { Kind = LossKind.Quantile }));
        Assert.Contains("FrozenLayers is 3; expected 0 to 2", Message(o => o.FrozenLayers = 3));
        Assert.Contains("label column 'Features': expected 1 value, as the initial model predicts", Message(o => o.LabelColumnName = "Features"));
        Assert.Contains("FrozenLayers is 1; expected 0, since there is no initial model", Assert.Throws<ArgumentException>(() => Regressor(o => o.FrozenLayers = 1).Fit(data)).Message);
        ITransformer other = _ml.Transforms.CopyColumns("Copy", "Label").Fit(data);
        Assert.Contains("InitialModel is ColumnCopyingTransformer; expected LstmRegressionTransformer, or a chain with one in it",
            Assert.Throws<ArgumentException>(() => Regressor(o => o.InitialModel = other).Fit(data)).Message);
    }

    [Fact]
    public void Fit_NewClass_IsNamed()
    {
        LstmClassificationTransformer Fit(int classes, LstmClassificationTransformer? initial)
        {
            IDataView data = Rows(60, 1, classes);
            IDataView rows = _ml.Transforms.Conversion.MapValueToKey("Class").Fit(data).Transform(data);
            var trainer = _ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options { LabelColumnName = "Class", HiddenSizes = [4], NumberOfEpochs = 1 });
            return initial is null ? trainer.Fit(rows) : trainer.Fit(rows, initial);
        }
        LstmClassificationTransformer first = Fit(2, null);

        string message = Assert.ThrowsAny<ArgumentException>(() => Fit(3, first)).Message;

        Assert.Contains("label column 'Class': expected the 2 classes of the initial model, in the same order", message);
        Assert.Contains("whose class 3 is 'c2' where no more was expected", message);
    }

    private LstmRegressor Regressor(Action<LstmRegressor.Options> change)
    {
        var options = new LstmRegressor.Options { HiddenSizes = [6, 5], NumberOfEpochs = 2, Seed = 2 };
        change(options);
        return _ml.Regression.Trainers.LstmRegressor(options);
    }

    private IDataView Rows(int count, float scale, int classes = 2) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
    {
        float[] window = [.. Enumerable.Range(0, 4).Select(step => scale * MathF.Sin(i + step))];
        return new Row { Features = window, Label = scale * MathF.Sin(i + 4), Sign = window[^1] > 0, Class = $"c{i % classes}", Tags = [.. window.Select(value => value > 0 ? "up" : "down")] };
    }).ToArray());

    private static float[][] Scores(IDataView data) => [.. data.GetColumn<float[]>("Score")];

    private static Dictionary<string, float[]> Weights(RecurrentModel model)
    {
        using var stream = new MemoryStream();
        model.SaveWeights(stream);
        stream.Position = 0;
        var file = new SafetensorsReader(stream);
        return file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Values<float>(tensor.Name).ToArray());
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Sign { get; set; }

        public string Class { get; set; } = "";

        [VectorType(4)]
        public string[] Tags { get; set; } = [];
    }

    private sealed class Line
    {
        public string[] Tokens { get; set; } = [];
    }
}
