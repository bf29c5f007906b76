using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Embedding;

public class PretrainedEmbeddingTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Fit_FrozenEmbedding_IsTheVectorsAndTheirMean()
    {
        float[] mean = [0, 0.5f, 0.4375f];
        IDataView data = Keyed(["good bad film odd", "bad", "odd odd"]);

        float[] embedding = EmbeddingAfterTraining(data, frozen: true);

        // The unknown token, then the words in the order in which they were seen.
        Assert.Equal([.. mean, 1, 0, 0.5f, -1, 0, 0.25f, 0, 2, 0, .. mean], embedding);
    }

    [Fact]
    public void Fit_EmbeddingNotFrozen_IsTrainedOnFromTheVectors()
    {
        IDataView data = Keyed(["good bad film odd", "bad", "odd odd"]);

        float[] embedding = EmbeddingAfterTraining(data, frozen: false), frozen = EmbeddingAfterTraining(data, frozen: true);

        Assert.NotEqual(frozen, embedding);
        Assert.All(frozen.Zip(embedding), pair => Assert.InRange(pair.Second - pair.First, -0.1f, 0.1f));
    }

    [Fact]
    public void LstmClassifier_ContradictoryEmbeddingOptions_AreNamed()
    {
        Assert.StartsWith("EmbeddingSize is 5; expected 3, the length of the vectors in PretrainedEmbedding, or null", Error(o => o.EmbeddingSize = 5), StringComparison.Ordinal);
        Assert.StartsWith("FreezeEmbedding is True; expected false, since PretrainedEmbedding is null", Error(o => (o.FreezeEmbedding, o.PretrainedEmbedding) = (true, null)), StringComparison.Ordinal);

        string Error(Action<LstmRegressor.Options> spoil)
        {
            LstmRegressor.Options options = new() { PretrainedEmbedding = Vectors.Few() };
            spoil(options);
            return Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.LstmRegressor(options)).Message;
        }
    }

    [Theory]
    [InlineData("Numbers", "token column 'Numbers': expected a vector of keys, since PretrainedEmbedding is given, got Vector<Single, 2>")]
    [InlineData("Bare", "token column 'Bare': expected keys that stand for text, as Conversion.MapValueToKey makes of words, got keys without values")]
    public void Fit_ColumnWithoutWords_IsNamed(string column, string expected)
    {
        LstmRegressor.Options options = new() { LabelColumnName = "Number", FeatureColumnName = column, PretrainedEmbedding = Vectors.Few() };

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Regression.Trainers.LstmRegressor(options).Fit(_ml.Data.LoadFromEnumerable([new Wordless()])));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private float[] EmbeddingAfterTraining(IDataView data, bool frozen)
    {
        var model = _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            LabelColumnName = "Number",
            FeatureColumnName = "Keys",
            PretrainedEmbedding = Vectors.Few(),
            FreezeEmbedding = frozen,
            Optimizer = new OptimizerSpec { Kind = OptimizerKind.AdamW, WeightDecay = 0.01f },
            HiddenSizes = [4],
            NumberOfEpochs = 3,
            LearningRate = 0.01f,
        }).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
        using Stream entry = zip.Entries.Single(e => e.Name == "Network.safetensors").Open();
        ModelFile file = ModelFile.Read(entry);
        ParameterSlice slice = new ParameterLayout(file.Spec)["embedding.weight"];
        return file.Weights.Slice(slice.Offset, slice.Length).ToArray();
    }

    private IDataView Keyed(string[] texts)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(texts.Select((text, i) => new Review { Text = text, Number = i }).ToArray());
        return _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words")).Fit(data).Transform(data);
    }

    private sealed class Wordless
    {
        [VectorType(2)]
        public float[] Numbers { get; set; } = [1, 2];

        [KeyType(3)]
        public uint[] Bare { get; set; } = [1];

        public float Number { get; set; }
    }
}
