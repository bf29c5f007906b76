using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Onnx.Tests.Conversion;

/// <summary>A pipeline with our transformers in its midst becomes a whole graph.</summary>
public sealed class ConvertToOnnxTests
{
    private readonly MLContext _ml = new(1);
    private readonly Row[] _rows = Row.Create(100, seed: 2);

    [Fact]
    public void ConvertToOnnx_ClassifierBetweenKeys_ScoresAsThePipeline() => Check(
        _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options { HiddenSizes = [5, 4],
                Bidirectional = true, NumberOfEpochs = 2 }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel")), "Score", "PredictedLabel", "Predicted");

    [Fact]
    public void ConvertToOnnx_ConcatenateNormalizeRegressor_ScoresAsThePipeline() => Check(
        _ml.Transforms.Concatenate("Inputs", "Series", "A", "B").Append(_ml.Transforms.NormalizeMeanVariance("Inputs"))
            .Append(_ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                LabelColumnName = "Next", FeatureColumnName = "Inputs", StepSize = 2, Cell = CellKind.Gru, HiddenSizes = [5],
                    NumberOfEpochs = 2,
            })), "Score");

    [Fact]
    public void ConvertToOnnx_BinaryClassifier_ScoresAsThePipeline() => Check(
        _ml.BinaryClassification.Trainers.LstmBinaryClassifier(new LstmBinaryClassifier.Options { LabelColumnName = "IsHigh",
            Cell = CellKind.RnnTanh, HiddenSizes = [5], NumberOfEpochs = 2 }),
        "Score", "Probability", "PredictedLabel");

    [Fact]
    public void ConvertToOnnx_WholeWindows_ScoresAsThePipeline() => Check(
        _ml.Transforms.WindowSequence("Window", ["Series"], windowLength: Row.Steps, wholeWindows: true)
            .Append(_ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window", hiddenSize: 5,
                numberOfEpochs: 2)), "Window", "Score");

    [Theory]
    [InlineData(WindowNormalization.LastValue)]
    [InlineData(WindowNormalization.LastValueAndScale)]
    public void ConvertToOnnx_NormalizedWindows_ScoresAsThePipeline(WindowNormalization normalization) => Check(
        _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Series",
            Normalization = normalization, HiddenSizes = [5], NumberOfEpochs = 2 }), "Score");

    [Fact]
    public void ConvertToOnnx_NormalizedLayersOfAFixedLength_ScoresAsThePipeline() => Check(
        _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Next", LayerNormalization = true,
            Bidirectional = true, HiddenSizes = [5], NumberOfEpochs = 2 }), "Score");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConvertToOnnx_WordVectors_ScoresAsThePipeline(bool areKeys)
    {
        using var reader = new StringReader("the 1 2\nprice 0.5 -1\nis 3 1\nhigh -2 2\n");
        WordVectors vectors = WordVectors.Read(reader);
        IEstimator<ITransformer> embed = areKeys
            ? _ml.Transforms.Conversion.MapValueToKey("Keys", "Words").Append(_ml.Transforms.EmbedSequence("Vectors", "Keys", vectors))
            : _ml.Transforms.EmbedSequence("Vectors", "Words", vectors);

        Check(_ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(embed)
            .Append(_ml.MulticlassClassification.Trainers.LstmClassifier(featureColumnName: "Vectors", hiddenSize: 5, numberOfEpochs: 2)),
                "Vectors", "Score", "PredictedLabel");
    }

    [Fact]
    public void ConvertToOnnx_Tagger_ScoresAsThePipeline() => Check(
        _ml.Transforms.Conversion.MapValueToKey("Label", "Tags").Append(_ml.Transforms.Conversion.MapValueToKey("Features", "Words"))
            .Append(_ml.MulticlassClassification.Trainers.LstmTagger(new LstmTagger.Options { HiddenSizes = [5], NumberOfEpochs = 2 })),
                "Score", "PredictedLabel");

    [Fact]
    public void ConvertToOnnx_LanguageModel_ScoresAsThePipeline() => Check(
        _ml.Transforms.Conversion.MapValueToKey("Tokens",
            "Words").Append(_ml.Transforms.Text.LstmLanguageModel("Tokens", hiddenSize: 5, numberOfEpochs: 2)), "Score", "PredictedLabel");

    [Fact]
    public void ConvertToOnnx_HalfOfASplit_ScoresAsThePipeline()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Row.Create(60));
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", hiddenSize: 5, numberOfEpochs: 2).Fit(data);
        using var stream = new MemoryStream();

        _ml.Model.ConvertToOnnx(model, _ml.Data.TrainTestSplit(data).TrainSet, stream);

        using var session = new OnnxSession(to => to.Write(stream.ToArray()));
        Assert.Contains("Score.output", session.Outputs);
    }

    [Fact]
    public void ConvertToOnnx_ItsFile_IsScoredByApplyOnnxModel()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Row.Create(60));
        ITransformer model = _ml.Transforms.SelectColumns("Features",
            "Next").Append(_ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", hiddenSize: 5, numberOfEpochs: 2)).Fit(data);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        try
        {
            using (FileStream stream = File.Create(path))
                _ml.Model.ConvertToOnnx(model, data, stream);
            IDataView scored = _ml.Transforms.ApplyOnnxModel(["Score.output"],
                ["Features", "Series", "A", "B", "Next", "IsHigh", "Kind", "Words", "Tags"], path).Fit(data).Transform(data);

            float[] found = [.. scored.GetColumn<float[]>("Score").Select(score => score[0])];
            Near.Equal([.. model.Transform(data).GetColumn<float>("Score")], found);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void ConvertToOnnx_Opset_IsTheOneAskedFor(int opset)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Row.Create(30));
        ITransformer model = _ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", hiddenSize: 5, numberOfEpochs: 1).Fit(data);

        using var session = new OnnxSession(stream => _ml.Model.ConvertToOnnx(model, data, opset, stream));

        Assert.Contains("Score.output", session.Outputs);
    }

    private void Check(IEstimator<ITransformer> pipeline, params string[] columns) =>
        Converted.Check(_ml, pipeline.Fit(_ml.Data.LoadFromEnumerable(Row.Create(60))), _rows, columns);
}
