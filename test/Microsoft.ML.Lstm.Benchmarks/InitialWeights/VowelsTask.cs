using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>Which of nine speakers said a vowel, from 12 coefficients a step over 7 to 29 steps; a random fifth is validated on.</summary>
internal sealed class VowelsTask : IWeightsTask
{
    private const int Coefficients = 12;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _utterances;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="path">A .ts file: the series of a row between colons, its class last.</param>
    /// <param name="epochs">Passes over the rows.</param>
    public VowelsTask(string name, string path, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        _utterances = _ml.Data.LoadFromEnumerable(File.ReadLines(path).SkipWhile(line => line != "@data").Skip(1).Select(Parse).ToArray());
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmClassifier.Options { StepSize = Coefficients, NumberOfEpochs = _epochs, ValidationFraction = 0.2 };
        variant.ApplyTo(options, learningRate: 0.005f, seed, threads);
        return _ml.MulticlassClassification.Trainers.LstmClassifier(options).Fit(_utterances).History;
    }

    private static Utterance Parse(string line)
    {
        string[] parts = line.Split(':');
        float[][] series = [.. parts[..Coefficients].Select(part => part.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
        return new Utterance
        {
            Features = [.. Enumerable.Range(0, series[0].Length).SelectMany(step => series.Select(values => values[step]))],
            Label = uint.Parse(parts[^1], CultureInfo.InvariantCulture) - 1,
        };
    }

    private sealed class Utterance
    {
        public float[] Features { get; set; } = [];

        // Counted from 0: of a single key ML.NET makes the next.
        [KeyType(9)]
        public uint Label { get; set; }
    }
}
