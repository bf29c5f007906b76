namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Models in other formats and versions: they predict the same.</summary>
public sealed class ConvertTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Convert_ForecasterToSafetensorsAndBack_ForecastsTheSame()
    {
        string path = _tool.Write("data.csv", CommandLine.Days(60));
        _tool.Forecast(path).Succeeds();
        CommandLine.Run("convert {0} {1}", _tool["out/model.zip"], _tool["model.safetensors"])
            .Succeeds("microsoft.ml.lstm.forecast, version 1");
        CommandLine.Run("convert {0} {1}", _tool["model.safetensors"], _tool["back.zip"]).Succeeds();
        float[] history = [.. Enumerable.Range(0, 60).Select(CommandLine.Wave)];
        float[] expected = ForecastModel.Load(_tool["out/model.zip"]).Forecast(history, lastTime: new DateTime(2026, 3, 1))
            .Values.ToArray();
        Assert.Equal(expected, ForecastModel.Load(_tool["model.safetensors"]).Forecast(history, lastTime: new DateTime(2026, 3, 1))
            .Values.ToArray());
        Assert.Equal(expected, ForecastModel.Load(_tool["back.zip"]).Forecast(history, lastTime: new DateTime(2026, 3, 1))
            .Values.ToArray());
        Assert.Single(ModelParts(_tool["back.zip"]).OfType<LstmForecastingTransformer>());
    }

    [Theory]
    [InlineData("regressor", typeof(LstmRegressionTransformer))]
    [InlineData("classifier", typeof(LstmClassificationTransformer))]
    [InlineData("binary", typeof(LstmBinaryClassificationTransformer))]
    [InlineData("tagger", typeof(LstmTaggingTransformer))]
    [InlineData("language-characters", typeof(LstmLanguageModelTransformer))]
    public void Convert_FileOfVersionOne_IsOfTheNewestAndTheSame(string name, Type transformer)
    {
        string old = Path.Combine(Repository, "test", "Microsoft.ML.Lstm.Tests", "Models", "Version1", $"{name}.zip");
        CommandLine.Run("convert {0} {1}", old, _tool["new.zip"])
            .Succeeds("microsoft.ml.lstm.model, version 1", "microsoft.ml.lstm.model, version 2");
        CommandLine.Run("convert {0} {1}", old, _tool["new.safetensors"]).Succeeds("version 2");
        CommandLine.Run("convert {0} {1}", _tool["new.safetensors"], _tool["back.zip"]).Succeeds();
        string expected = RecurrentModel.Load(old).Describe();
        foreach (string file in (string[])["new.zip", "new.safetensors", "back.zip"])
            Assert.Equal(expected, RecurrentModel.Load(_tool[file]).Describe());
        Assert.Equal(Weights(old), Weights(_tool["back.zip"]));
        Assert.Single(ModelParts(_tool["back.zip"]), part => part.GetType() == transformer);
    }

    [Fact]
    public void Convert_ModelWithMoreThanANetwork_SaysWhatStaysBehind()
    {
        string rows = _tool.Write("rows.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 3},{i % 5},{i % 2}\n")));
        CommandLine.Run("train regress {0} --label y --output {1} --epochs 1 --hidden 2", rows, _tool["out"]).Succeeds();
        CommandLine.Run("convert {0} {1}", _tool["out/model.zip"], _tool["alone.safetensors"]).Succeeds("ColumnConcatenatingTransformer", "stay in");
        Assert.Equal(RecurrentModel.Load(_tool["out/model.zip"]).Describe(), RecurrentModel.Load(_tool["alone.safetensors"]).Describe());
        CommandLine.Run("convert {0} {1}", _tool["out/model.zip"], _tool["copy.zip"]).Succeeds();
        CommandLine.Run("predict {0} {1} --output {2}", _tool["copy.zip"], rows, _tool["out"]).Succeeds("40 rows");
    }

    [Fact]
    public void Convert_WhatItCannot_SaysWhatItCan()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(60))).Succeeds();
        CommandLine.Run("convert {0} {1}", _tool["out/model.zip"], _tool["model.onnx"])
            .Fails("model.onnx", ".safetensors", "lstm export onnx");
        CommandLine.Run("convert {0} {1}", _tool["none.zip"], _tool["model.zip"]).Fails("There is no file", "none.zip");
        CommandLine.Run("convert {0} {1}", _tool["data.csv"], _tool["model.zip"]).Fails("data.csv", "no model");
        CommandLine.Run("convert {0} {0}", _tool["out/model.zip"]).Fails("--force");
    }

    private static byte[] Weights(string path)
    {
        using var stream = new MemoryStream();
        RecurrentModel.Load(path).SaveWeights(stream);
        return stream.ToArray();
    }

    private static IEnumerable<ITransformer> ModelParts(string path) => Models.ModelFiles.Parts(new MLContext().Model.Load(path, out _));

    private static string Repository => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
}
