using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>
/// Trains the forecasting network on ETTh1's seven channels as series that share one model, straight on the engine: window 720 in segments of 24, each window's
/// last value subtracted, scaled by the first 8,640 rows (Lin et al. 2023). Prints the errors on the scaled values after each epoch; the epoch to keep is
/// the best by validation.
/// </summary>
internal sealed class ForecastRun : IDisposable
{
    private const int Window = 720, Segment = 24, WindowsPerBatch = 64, TrainingRows = 8640, ValidationRows = 2880;
    private readonly StepResult[] _results = new StepResult[1];
    private readonly ForecastRunOptions _options;
    private readonly ForecastWindows _training, _validation, _test;
    private readonly ManagedEngine _engine;
    private readonly SequenceBatch _batch = new();
    private readonly float[] _outputs;

    public ForecastRun(string path, ForecastRunOptions options)
    {
        _options = options;
        ForecastSeries[] series = Read(path);
        int validationEnd = TrainingRows + ValidationRows, testEnd = validationEnd + ValidationRows;
        _training = Windows(series, Window, TrainingRows - options.Horizon);
        _validation = Windows(series, TrainingRows, validationEnd - options.Horizon);
        _test = Windows(series, validationEnd, testEnd - options.Horizon);
        int quantiles = options.Loss.Kind == LossKind.Quantile ? options.Loss.Quantiles.Count : 1;
        var spec = new NetworkSpec
        {
            Cell = CellKind.Gru,
            InputSize = Segment,
            HiddenSizes = [options.Units],
            OutputSize = options.Horizon * quantiles,
            Forecast = new ForecastSpec
            {
                Horizon = options.Horizon,
                SegmentLength = Segment,
                QuantileCount = quantiles,
                OrderedQuantiles = options.OrderedQuantiles,
                DecoderSize = options.Units,
                SeriesCount = series.Length,
                SeriesSize = options.Units / 2,
                SkipLength = options.Skip ? Window : 0,
            },
        };
        _engine = new ManagedEngine(spec, new EngineOptions
        {
            ClipNorm = null,
            Loss = options.Loss,
            Regularization = new RegularizationSpec { OutputDropout = options.Dropout, SeriesDropout = 0 },
            Seed = options.Seed,
            Threads = 2,
        });
        _outputs = new float[WindowsPerBatch * series.Length * spec.OutputSize];
    }

    /// <summary>Trains; one line an epoch.</summary>
    public IEnumerable<string> Run()
    {
        int origins = _training.Count / _training.Series.Count;
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            long start = Stopwatch.GetTimestamp();
            float rate = _options.LearningRate * (epoch < 3 ? 1 : MathF.Pow(0.8f, epoch - 2));
            int[] order = [.. Enumerable.Range(0, origins).Where(i => i % 2 == epoch % 2)];
            new RandomStream(_options.Seed, FormattableString.Invariant($"epoch {epoch}")).Shuffle(order);
            double loss = 0;
            int batches = order.Length / WindowsPerBatch;
            for (int i = 0; i < batches; i++)
            {
                Fill(_training, order.AsSpan(i * WindowsPerBatch, WindowsPerBatch));
                _engine.TrainStep(_batch, rate);
                _engine.ReadSteps(_results);
                loss += _results[0].MeanLoss / batches;
            }
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (double validation, _, _) = Errors(_validation);
            (double squared, double absolute, double crossings) = Errors(_test);
            yield return string.Create(CultureInfo.InvariantCulture,
                $"epoch {epoch} training {loss:F4} validation {validation:F4} test {squared:F4} absolute {absolute:F4} crossings {crossings:P2} {seconds:F0} s, {seconds / batches * 1e3:F0} ms a step");
        }
    }

    public void Dispose() => _engine.Dispose();

    /// <summary>Squared (or the loss where it is of quantiles) and absolute error of the middle output, and how often quantiles cross.</summary>
    private (double Squared, double Absolute, double Crossings) Errors(ForecastWindows windows)
    {
        int origins = windows.Count / windows.Series.Count, quantiles = _engine.Spec.Forecast!.QuantileCount;
        double squared = 0, absolute = 0;
        long count = 0, crossings = 0;
        var loss = new LossSum();
        for (int first = 0; first < origins; first += WindowsPerBatch)
        {
            Fill(windows, [.. Enumerable.Range(first, Math.Min(WindowsPerBatch, origins - first))]);
            _engine.Predict(_batch, _outputs);
            if (quantiles > 1)
                loss += _engine.Evaluate(_batch);
            for (int i = 0; i < _batch.Targets.Length; i++, count++)
            {
                double error = _outputs[(i * quantiles) + (quantiles / 2)] - _batch.Targets[i];
                squared += error * error;
                absolute += Math.Abs(error);
                for (int q = 1; q < quantiles; q++)
                    crossings += _outputs[(i * quantiles) + q] < _outputs[(i * quantiles) + q - 1] ? 1 : 0;
            }
        }
        return (quantiles > 1 ? loss.Mean : squared / count, absolute / count, (double)crossings / count / Math.Max(1, quantiles - 1));
    }

    /// <summary>The windows of these origins of every channel, each without its last value.</summary>
    private void Fill(ForecastWindows windows, ReadOnlySpan<int> origins)
    {
        int channels = windows.Series.Count, each = windows.Count / channels;
        int[] examples = new int[origins.Length * channels];
        for (int i = 0; i < examples.Length; i++)
            examples[i] = (i % channels * each) + origins[i / channels];
        windows.Fill(_batch, examples);
        for (int p = 0; p < _batch.SequenceCount; p++)
        {
            float last = _batch.Features[((_batch.Row(p, _batch.Lengths[p] - 1) + 1) * Segment) - 1];
            for (int t = 0; t < _batch.Lengths[p]; t++)
                foreach (ref float x in _batch.Features.Slice(_batch.Row(p, t) * Segment, Segment))
                    x -= last;
            foreach (ref float y in _batch.Targets.Slice(p * _options.Horizon, _options.Horizon))
                y -= last;
        }
    }

    private ForecastWindows Windows(ForecastSeries[] series, int firstOrigin, int lastOrigin)
    {
        var windows = new ForecastWindows(new() { WindowLength = Window, Horizon = _options.Horizon, SegmentLength = Segment, HasSeries = true });
        foreach (ForecastSeries channel in series)
            windows.AddOrigins(windows.Add(channel), firstOrigin, lastOrigin);
        return windows;
    }

    private static ForecastSeries[] Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"The file '{path}' is not there; expected ETTh1.csv: a time and seven values in a row.", path);
        string[] names = File.ReadLines(path).First().Split(',')[1..];
        float[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')[1..].Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
        return [.. names.Select((name, channel) =>
        {
            double[] values = [.. rows.Select(row => (double)row[channel])];
            double mean = values.Take(TrainingRows).Average();
            double standardDeviation = Math.Sqrt(values.Take(TrainingRows).Average(v => (v - mean) * (v - mean)));
            return new ForecastSeries(name, channel + 1, values.Select(v => (float)((v - mean) / standardDeviation)).ToArray());
        })];
    }
}
