using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>Handwritten digits read row by row, the first 5,000 of MNIST; a random fifth is validated on.</summary>
internal sealed class DigitsTask : IWeightsTask
{
    private const int Count = 5000, Side = 28, ImageHeader = 16, LabelHeader = 8;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _images;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="folder">The folder of the gzipped idx files.</param>
    /// <param name="epochs">Passes over the images.</param>
    public DigitsTask(string name, string folder, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        byte[] pixels = Read(Path.Combine(folder, "train-images-idx3-ubyte.gz"), ImageHeader, Count * Side * Side);
        byte[] digits = Read(Path.Combine(folder, "train-labels-idx1-ubyte.gz"), LabelHeader, Count);
        _images = _ml.Data.LoadFromEnumerable(digits.Select((digit, i) => new Image
        {
            Features = [.. pixels.Skip(i * Side * Side).Take(Side * Side).Select(pixel => pixel / 255f)],
            Label = digit,
        }).ToArray());
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmClassifier.Options { HiddenSizes = [100], NumberOfEpochs = _epochs, ValidationFraction = 0.2, ScaleFeatures = false };
        variant.ApplyTo(options, learningRate: 0.001f, seed, threads);
        return _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(_images).History;
    }

    private static byte[] Read(string path, int header, int count)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        byte[] bytes = new byte[header + count];
        stream.ReadExactly(bytes);
        return bytes[header..];
    }

    private sealed class Image
    {
        [VectorType(Side, Side)]
        public float[] Features { get; set; } = [];

        // Counted from 0: of a single key ML.NET makes the next.
        [KeyType(10)]
        public uint Label { get; set; }
    }
}
