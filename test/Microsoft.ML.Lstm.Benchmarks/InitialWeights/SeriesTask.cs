using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks.InitialWeights;

/// <summary>The next 12 values of a series from the last 132; the last fifth of the windows is validated on.</summary>
internal sealed class SeriesTask : IWeightsTask
{
    private const int Past = 132, Future = 12;
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _windows;
    private readonly int _epochs;

    /// <param name="name">Its name on the command line.</param>
    /// <param name="path">A file of a date and a value a line, after a header.</param>
    /// <param name="epochs">Passes over the windows.</param>
    public SeriesTask(string name, string path, int epochs)
    {
        (Name, _epochs) = (name, epochs);
        float[] values = [.. File.ReadLines(path).Skip(1).Select(line => float.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];
        _windows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, values.Length - Past - Future + 1)
            .Select(start => new Window { Features = values[start..(start + Past)], Label = values[(start + Past)..(start + Past + Future)] }).ToArray());
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public TrainingHistory Train(WeightsVariant variant, int seed, int threads)
    {
        var options = new LstmRegressor.Options { NumberOfEpochs = _epochs, ValidationFraction = 0.2 };
        variant.ApplyTo(options, learningRate: 0.001f, seed, threads);
        return _ml.Regression.Trainers.LstmRegressor(options).Fit(_windows).History;
    }

    private sealed class Window
    {
        [VectorType(Past)]
        public float[] Features { get; set; } = [];

        [VectorType(Future)]
        public float[] Label { get; set; } = [];
    }
}
