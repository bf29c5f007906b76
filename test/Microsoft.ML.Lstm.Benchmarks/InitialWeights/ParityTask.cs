using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>Whether the bits read so far have an odd number of ones, at each step of strings of 1 to 16 bits; a random fifth is validated on.</summary>
internal sealed class ParityTask : IWeightsTask
{
    private const int Count = 2000, Longest = 16;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _strings;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="epochs">Passes over the strings.</param>
    public ParityTask(string name, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        var random = new Random(1);
        IDataView strings = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(_ => Bits.Draw(random)).ToArray());
        _strings = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Bits.Parities)).Fit(strings).Transform(strings);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmTagger.Options { Bidirectional = false, NumberOfEpochs = _epochs, ValidationFraction = 0.2 };
        variant.ApplyTo(options, learningRate: 0.01f, seed, threads);
        return _ml.MulticlassClassification.Trainers.LstmTagger(options).Fit(_strings).History;
    }

    private sealed class Bits
    {
        public float[] Features { get; set; } = [];

        public float[] Parities { get; set; } = [];

        public static Bits Draw(Random random)
        {
            float[] bits = [.. Enumerable.Range(0, random.Next(1, Longest + 1)).Select(_ => (float)random.Next(2))];
            float sum = 0;
            return new Bits { Features = bits, Parities = [.. bits.Select(bit => (sum += bit) % 2)] };
        }
    }
}
