using System.Text;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

public sealed class ModelFileTests
{
    private static readonly NetworkSpec Spec = new() { Cell = CellKind.Gru, InputSize = 2, HiddenSizes = [5, 3], Bidirectional = true, OutputSize = 4 };

    [Fact]
    public void Read_WrittenModel_ComesBackAsItWas()
    {
        ModelFile model = Model(), read = Read(Bytes(model));
        Assert.Equal(model.Weights.Span, read.Weights.Span);
        Assert.Equal((Spec.Cell, Spec.InputSize, Spec.OutputSize, Spec.Bidirectional), (read.Spec.Cell, read.Spec.InputSize, read.Spec.OutputSize, read.Spec.Bidirectional));
        Assert.Equal(Spec.HiddenSizes, read.Spec.HiddenSizes);
        Assert.Equal(LossKind.Quantile, read.Loss.Kind);
        Assert.Equal([0.1f, 0.9f], read.Loss.Quantiles);
        Assert.Equal(model.FeatureScaling!.Mean, read.FeatureScaling!.Mean);
        Assert.Equal(model.TargetScaling!.Scale, read.TargetScaling!.Scale);
        Assert.Equal(model.Metadata, read.Metadata);
    }

    [Fact]
    public void Write_EqualModels_GivesEqualFilesThatOthersCanRead()
    {
        byte[] bytes = Bytes(Model());
        Assert.Equal(bytes, Bytes(Model()));
        var file = new SafetensorsReader(new MemoryStream(bytes));
        Assert.Equal([9, 10], file.Shape("rnn.weight_ih_l1"));
        Assert.Equal([4], file.Shape("output.bias"));
    }

    [Fact]
    public void Read_ModelWithoutScaling_HasNone()
    {
        ModelFile read = Read(Bytes(new ModelFile { Spec = Spec, Loss = new(), Weights = Model().Weights }));
        Assert.Null(read.FeatureScaling);
        Assert.Null(read.TargetScaling);
        Assert.Empty(read.Metadata);
    }

    [Fact]
    public void Read_CutOffAnywhere_IsRefused()
    {
        byte[] bytes = Bytes(Model());
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
    }

    [Theory]
    [InlineData("\"format_version\":\"2\"", "\"format_version\":\"4\"", "newer version")]
    [InlineData("microsoft.ml.lstm.model", "microsoft.ml.lstm.motel", "expected 'microsoft.ml.lstm.model'")]
    [InlineData("rnn.bias_ih_l1\"", "rnn.bias_ix_l1\"", "no tensor 'rnn.bias_ih_l1'")]
    [InlineData("\"shape\":[4,6]", "\"shape\":[6,4]", "'output.weight' has shape [6, 4]; expected [4, 6]")]
    [InlineData("OutputSize", "OutputSine", "OutputSize is 0")]
    [InlineData("scaling.feature_mean", "scaling.feature_moan", "scaling.feature_moan")]
    [InlineData("\"network\"", "\"netwerk\"", "no 'network'")]
    public void Read_AnythingWrong_IsNamed(string old, string replacement, string message)
    {
        byte[] bytes = Bytes(Model());
        int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(old));
        Assert.True(at > 0);
        Encoding.UTF8.GetBytes(replacement).CopyTo(bytes, at);
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(bytes)).Message);
    }

    [Fact]
    public void Write_WhatCouldNotBeRead_IsRefused()
    {
        var model = Model();
        Assert.Contains("3 floats", Assert.Throws<ArgumentException>(() => Bytes(new ModelFile { Spec = Spec, Loss = new(), Weights = new float[3] })).Message);
        var reserved = new ModelFile { Spec = Spec, Loss = new(), Weights = model.Weights, Metadata = new Dictionary<string, string> { ["network"] = "" } };
        Assert.Contains("'network'", Assert.Throws<ArgumentException>(() => Bytes(reserved)).Message);
    }

    [Fact]
    public void Save_ThatFails_LeavesTheOldFileWhole()
    {
        string folder = Directory.CreateTempSubdirectory("model").FullName, path = Path.Combine(folder, "model.safetensors");
        try
        {
            Model().Save(path);
            Assert.Throws<ArgumentException>(() => new ModelFile { Spec = Spec, Loss = new(), Weights = new float[3] }.Save(path));
            Assert.Equal(Model().Weights.Span, ModelFile.Load(path).Weights.Span);
            Assert.Equal([path], Directory.GetFiles(folder));
            File.WriteAllText(path, "nothing of the kind");
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => ModelFile.Load(path)).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ModelFile Model()
    {
        var layout = new ParameterLayout(Spec);
        float[] weights = new float[layout.BlockLength];
        WeightInitializer.Fill(weights, layout, Spec, new() { Weights = Initialization.Uniform }, seed: 1);
        return new ModelFile
        {
            Spec = Spec,
            Loss = new() { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.9f] },
            Weights = weights,
            FeatureScaling = new FeatureScaling([1f, 2f], [3f, 4f]),
            TargetScaling = new FeatureScaling([5f, 6f], [7f, 8f]),
            Metadata = new Dictionary<string, string> { ["trainer"] = "LstmRegressor", ["note"] = "änderbar \"frei\"" },
        };
    }

    private static byte[] Bytes(ModelFile model)
    {
        var stream = new MemoryStream();
        model.Write(stream);
        return stream.ToArray();
    }

    private static ModelFile Read(byte[] bytes) => ModelFile.Read(new MemoryStream(bytes));
}
