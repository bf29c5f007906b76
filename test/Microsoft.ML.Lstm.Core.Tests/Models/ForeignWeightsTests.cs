using System.Text;
using System.Text.Json;
using Microsoft.ML.Lstm.Core.Tests.Golden;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>State dicts of PyTorch's modules, whatever they are called, give the outputs that PyTorch recorded.</summary>
public sealed class ForeignWeightsTests
{
    private readonly NetworkSpec _spec = new() { InputSize = 2, HiddenSizes = [3, 3], OutputSize = 4 };

    /// <summary>The recordings of networks that PyTorch's own modules make up.</summary>
    public static TheoryData<string> Recordings =>
        [.. GoldenFile.Names("network-").Where(name => !name.Contains("normalized", StringComparison.Ordinal)
            && !name.Contains("learned", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Recordings))]
    public void FromWeights_StateDict_PredictsWhatPyTorchRecorded(string name)
    {
        GoldenFile golden = GoldenFile.Named(name);
        List<Foreign> tensors = [.. golden.Layout.Slices.Select(slice =>
            Foreign.Of(TorchName(slice.Name), slice.Shape, golden.Tensors.Values<float>("weights/" + slice.Name).ToArray())),
            new Foreign("norm.num_batches_tracked", "I64", [], BitConverter.GetBytes(3L)), new Foreign("mask", "BOOL", [1], [1])];

        RecurrentModel model = Load(tensors, golden.Spec);

        ReadOnlySpan<int> lengths = golden.Tensors.Values<int>("lengths");
        ReadOnlySpan<double> expected = golden.Tensors.Values<double>("outputs");
        bool everyStep = golden.Spec.Output == OutputPosition.EveryStep;
        int longest = lengths.ToArray().Max(), features = golden.Spec.InputSize, outputs = golden.Spec.OutputSize;
        for (int i = 0; i < lengths.Length; i++)
        {
            float[] own = features == 0 ? []
                : golden.Tensors.Values<float>("features").Slice(i * longest * features, lengths[i] * features).ToArray();
            int[] tokens = golden.Spec.VocabularySize == 0 ? []
                : golden.Tensors.Values<int>("tokens").Slice(i * longest, lengths[i]).ToArray();
            float[] found = model.Predict(own, tokens);
            int first = i * outputs * (everyStep ? longest : 1);
            for (int o = 0; o < found.Length; o++)
                Assert.Equal(expected[first + o], found[o], 1e-5);
        }
    }

    [Theory]
    [InlineData("F64", 1e-6)]
    [InlineData("F16", 1e-3)]
    [InlineData("BF16", 1e-2)]
    public void FromWeights_OtherFloatingTypes_AreConverted(string type, double tolerance)
    {
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");
        float[] window = TestModel.Sequence(12, 1);

        float[] expected = Load(tensors, _spec).Predict(window),
            found = Load([.. tensors.Select(tensor => tensor.As(type))], _spec).Predict(window);

        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }

    [Fact]
    public void FromWeights_ModulesWithoutBias_HaveZeros()
    {
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");
        List<Foreign> zeros = [.. tensors.Select(tensor => tensor.Name.Contains("bias", StringComparison.Ordinal)
            ? tensor with { Bytes = new byte[tensor.Bytes.Length] } : tensor)];
        float[] window = TestModel.Sequence(12, 1);

        Assert.Equal(Load(zeros, _spec).Predict(window),
            Load([.. tensors.Where(tensor => !tensor.Name.Contains("bias", StringComparison.Ordinal))], _spec).Predict(window));
    }

    [Fact]
    public void FromWeights_AModuleForEachLayer_IsLoadedByTheirNames()
    {
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");
        List<Foreign> split = [.. tensors.Select(tensor =>
            tensor with { Name = tensor.Name.Replace("lstm.", tensor.Name.EndsWith("l1", StringComparison.Ordinal) ? "net.upper."
            : "net.lower.").Replace("_l1", "_l0") })];
        float[] window = TestModel.Sequence(12, 1);

        RecurrentModel model = Load(split, _spec, new WeightNames { Recurrent = ["net.lower", "net.upper"] });

        Assert.Equal(Load(tensors, _spec).Predict(window), model.Predict(window));
    }

    [Fact]
    public void FromWeights_ClassNames_MakeAClassifier()
    {
        RecurrentModel model = Load(StateDict(_spec, "", "head.classifier."), _spec, classNames: ["a", "b", "c", "d"]);

        Assert.Equal(ModelTask.MulticlassClassification, model.Task);
        Assert.Contains(model.PredictClass(TestModel.Sequence(12, 1)), model.OutputNames);
        Assert.Equal(1, model.Predict(TestModel.Sequence(12, 1)).Sum(), 1e-5);
    }

    [Fact]
    public void LoadWeights_StateDict_ReplacesTheWeights()
    {
        RecurrentModel model = TestModel.Regression(_spec);
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");

        RecurrentModel loaded = model.LoadWeights(new MemoryStream(Foreign.File(tensors)));

        using var saved = new MemoryStream();
        loaded.SaveWeights(saved);
        saved.Position = 0;
        Assert.Equal(tensors.Single(tensor => tensor.Name == "lstm.weight_hh_l1").Bytes,
            Bytes(new SafetensorsReader(saved).Values<float>("rnn.weight_hh_l1").ToArray()));
    }

    [Fact]
    public void FromWeights_SeveralModulesThatFit_NamesThemAndTheOption()
    {
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");

        Refuses([.. tensors, .. StateDict(_spec, "other.", "second.")], "'lstm', 'other'", "WeightNames.Recurrent");
        Refuses([.. tensors, Foreign.Of("second.weight", [4, 3], new float[12])], "'fc', 'second'", "WeightNames.Output");
        Assert.NotNull(Load([.. tensors, .. StateDict(_spec, "other.", "second.")], _spec,
            new WeightNames { Recurrent = ["other"], Output = "second." }));
    }

    [Theory]
    [InlineData("lstm.weight_hh_l1", "no tensor 'lstm.weight_hh_l1' of shape [12, 3]")]
    [InlineData("lstm.bias_ih_l1", "no tensor 'lstm.bias_ih_l1' of shape [12]")]
    [InlineData("lstm.weight_ih_l0", "no tensor '…weight_ih_l0'")]
    [InlineData("fc.weight", "no tensor '….weight' of shape [4, 3]")]
    public void FromWeights_TensorThatIsMissing_IsNamed(string name, string said) =>
        Refuses([.. StateDict(_spec, "lstm.", "fc.").Where(tensor => tensor.Name != name)], said);

    [Fact]
    public void FromWeights_TensorOfAnotherShapeOrTypeOrNotFinite_IsNamed()
    {
        List<Foreign> tensors = StateDict(_spec, "lstm.", "fc.");

        Refuses(With("lstm.weight_ih_l1", tensor => Foreign.Of(tensor.Name, [12, 4], new float[48])),
            "'lstm.weight_ih_l1' has shape [12, 4]; expected [12, 3]");
        Refuses(With("lstm.bias_hh_l0", tensor => new Foreign(tensor.Name, "I32", tensor.Shape, tensor.Bytes)),
            "'lstm.bias_hh_l0' is of type I32; expected F32, F64, F16 or BF16");
        Refuses(With("fc.bias", tensor => Foreign.Of(tensor.Name, tensor.Shape, [1, 2, float.NaN, 4])), "'fc.bias' has NaN");
        Refuses([.. tensors, Foreign.Of("lstm.weight_hr_l0", [2, 3], new float[6])], "'lstm.weight_hr_l0'", "proj_size");

        List<Foreign> With(string name, Func<Foreign, Foreign> change) =>
            [.. tensors.Select(tensor => tensor.Name == name ? change(tensor) : tensor)];
    }

    private void Refuses(List<Foreign> tensors, params string[] said)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Load(tensors, _spec));

        Assert.All(said, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    private static RecurrentModel Load(List<Foreign> tensors, NetworkSpec spec, WeightNames? names = null, string[]? classNames = null)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        System.IO.File.WriteAllBytes(path, Foreign.File(tensors));
        try
        {
            return RecurrentModel.FromWeights(path, spec, names, classNames);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    private static string TorchName(string name) =>
        name.Replace("rnn.", "encoder.lstm.").Replace("output.", "fc.").Replace("embedding.", "emb.");

    private static List<Foreign> StateDict(NetworkSpec spec, string recurrent, string output)
    {
        var random = new Random(4);
        return [.. new ParameterLayout(spec).Slices.Select(slice =>
            Foreign.Of(slice.Name.Replace("rnn.", recurrent).Replace("output.", output), slice.Shape,
            [.. Enumerable.Range(0, slice.Length).Select(_ => random.NextSingle() - 0.5f)]))];
    }

    private static byte[] Bytes(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>A tensor as another program writes it.</summary>
    private sealed record Foreign(string Name, string Type, IReadOnlyList<int> Shape, byte[] Bytes)
    {
        public static Foreign Of(string name, IReadOnlyList<int> shape, float[] values) =>
            new(name, "F32", shape, ForeignWeightsTests.Bytes(values));

        public Foreign As(string type) =>
            this with { Type = type, Bytes = [.. Bytes.Chunk(4).SelectMany(value => Converted(type, BitConverter.ToSingle(value)))] };

        public static byte[] File(List<Foreign> tensors)
        {
            var header = new Dictionary<string, object>();
            int end = 0;
            foreach (Foreign tensor in tensors)
                header[tensor.Name] = new { dtype = tensor.Type, shape = tensor.Shape,
                    data_offsets = new[] { end, end += tensor.Bytes.Length } };
            byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
            return [.. BitConverter.GetBytes((long)json.Length), .. json, .. tensors.SelectMany(tensor => tensor.Bytes)];
        }

        private static byte[] Converted(string type, float value) => type switch
        {
            "F64" => BitConverter.GetBytes((double)value),
            "F16" => BitConverter.GetBytes((Half)value),
            _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        };
    }
}
