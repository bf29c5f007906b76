using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Benchmarks.Soak;

/// <summary>
/// A service's life in minutes: threads that predict in every way there is (prediction engines, tables, scorers, batches, forecasts) while the model is loaded anew again and again. Every
/// prediction is compared, bit by bit, with what one thread said before; memory, threads and handles are read all along, and those of the second half compared with the first.
/// </summary>
internal sealed class SoakRun(double minutes, int threads)
{
    private const int Windows = 64, WindowLength = 48, Horizon = 6, SeriesRows = 300;
    private readonly string _folder = Directory.CreateTempSubdirectory("soak").FullName;
    private readonly float[][] _windows = [.. Enumerable.Range(0, Windows).Select(w => Enumerable.Range(0, WindowLength).Select(i => 50 + (10 * MathF.Sin((w + i) * 0.26f))).ToArray())];
    private volatile Loaded _loaded = null!;
    private float[][] _scores = [], _forecasts = [];
    private float[][] _streamed = [];
    private readonly ConcurrentDictionary<string, int> _ways = new();
    private readonly ConcurrentDictionary<string, string> _examples = new();
    private long _predictions, _wrong, _loads, _disposals;

    /// <summary>Runs; yields what it measured, and last whether all was well.</summary>
    public IEnumerable<string> Run()
    {
        Train();
        _loaded = Load();
        _scores = [.. _windows.Select(window => _loaded.Model.Predict(window))];
        _forecasts = [.. _windows.Select(window => _loaded.Forecaster.Forecast(window).Values.ToArray())];
        _streamed = Stream();
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        var latencies = new LatencyHistogram[threads];
        Task[] workers = [.. Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(() => Predict(latencies[thread] = new LatencyHistogram(), thread, end.Token), TaskCreationOptions.LongRunning))];
        var reloading = Task.Factory.StartNew(() => Reload(end.Token), TaskCreationOptions.LongRunning);
        var disposing = Task.Factory.StartNew(() => DisposeWhilePredicting(end.Token), TaskCreationOptions.LongRunning);
        var readings = new List<ProcessReading>();
        TimeSpan every = TimeSpan.FromMinutes(minutes / 40);
        while (!end.IsCancellationRequested)
        {
            end.Token.WaitHandle.WaitOne(every);
            readings.Add(ProcessReading.Take());
        }
        Task.WaitAll([.. workers, reloading, disposing]);
        yield return FormattableString.Invariant($"{_predictions} predictions by {threads} threads in {minutes:G3} min, {_loads} loads of the model, {_disposals} engines disposed of while they predicted, {_wrong} with other bits");
        var all = LatencyHistogram.Sum(latencies);
        yield return FormattableString.Invariant($"one prediction, ms: p50 {all.Quantile(0.5):G3}, p99 {all.Quantile(0.99):G3}, p99.9 {all.Quantile(0.999):G3}");
        foreach ((string way, int count) in _ways)
            yield return FormattableString.Invariant($"other bits by {way}: {count}, first {_examples[way]}");
        bool isFlat = true;
        foreach ((string name, Func<ProcessReading, double> of, double slack) in ProcessReading.Quantities)
        {
            double first = Median([.. readings.Skip(readings.Count / 8).Take(readings.Count * 3 / 8).Select(of)]), second = Median([.. readings.Skip(readings.Count / 2).Select(of)]);
            bool isWell = second <= first + slack;
            isFlat &= isWell;
            // What grows goes on growing, what settles grows less from quarter to quarter.
            string quarters = string.Join(", ", readings.Chunk(Math.Max(1, (readings.Count + 3) / 4))
                .Select(quarter => FormattableString.Invariant($"{Median([.. quarter.Select(of)]):F1}")));
            yield return FormattableString.Invariant($"{name}: {first:F1}, second half {second:F1}{(isWell ? "" : "  GROWS")} (quarters {quarters})");
        }
        Directory.Delete(_folder, recursive: true);
        yield return isFlat && _wrong == 0 ? "All was well." : "FAILED";
    }

    private void Train()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable(_windows.Select((window, i) => new Row { Features = window, Label = [.. Enumerable.Range(0, Horizon).Select(h => (float)i + h)] }));
        ml.Model.SaveAtomically(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { HiddenSizes = [32], NumberOfEpochs = 1, Seed = 1 }).Fit(rows), rows.Schema, Path.Combine(_folder, "model.zip"));
        IDataView series = ml.Data.LoadFromEnumerable(Enumerable.Range(0, SeriesRows).Select(Series));
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options { InputColumnNames = ["Y"], WindowSize = WindowLength, Horizon = Horizon, HiddenSizes = [32], NumberOfEpochs = 1, Seed = 1 });
        ml.Model.SaveAtomically(forecaster.Fit(series), series.Schema, Path.Combine(_folder, "forecaster.zip"));
    }

    private Loaded Load() => new(new MLContext().Model.Load(Path.Combine(_folder, "model.zip"), out _), RecurrentModel.Load(Path.Combine(_folder, "model.zip")), ForecastModel.Load(Path.Combine(_folder, "forecaster.zip")));

    private void Reload(CancellationToken end)
    {
        while (!end.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(200)))
        {
            _loaded = Load();
            Interlocked.Increment(ref _loads);
        }
    }

    private void Predict(LatencyHistogram latencies, int thread, CancellationToken end)
    {
        var random = new Random(thread);
        var ml = new MLContext();
        while (!end.IsCancellationRequested)
        {
            Loaded loaded = _loaded;
            using PredictionEngine<Row, Scored> engine = ml.Model.CreatePredictionEngine<Row, Scored>(loaded.Transformer);
            RecurrentScorer scorer = loaded.Model.CreateScorer();
            for (int i = 0; i < 500 && !end.IsCancellationRequested; i++)
            {
                int window = random.Next(Windows);
                long began = Stopwatch.GetTimestamp();
                switch (random.Next(20))
                {
                    case 0:
                        Check("batch", loaded.Model.PredictBatch(_windows), _scores);
                        break;
                    case 1:
                        IDataView table = ml.Data.LoadFromEnumerable(_windows.Select(features => new Row { Features = features }));
                        Check("table", [.. loaded.Transformer.Transform(table).GetColumn<float[]>("Score")], _scores);
                        break;
                    case < 6:
                        Check("forecast", [[.. loaded.Forecaster.Forecast(_windows[window]).Values]], [_forecasts[window]]);
                        latencies.Add(began);
                        break;
                    case < 12:
                        Check("scorer", [scorer.Score(_windows[window]).ToArray()], [_scores[window]]);
                        latencies.Add(began);
                        break;
                    default:
                        Check("engine", [engine.Predict(new Row { Features = _windows[window] }).Score], [_scores[window]]);
                        latencies.Add(began);
                        break;
                }
            }
        }
    }

    // An engine that another thread disposes of while it predicts says so, and until then gives what it always gives.
    private void DisposeWhilePredicting(CancellationToken end)
    {
        var random = new Random(-1);
        while (!end.IsCancellationRequested)
        {
            using SequenceEngine<Value, Forecasted> engine = CreateEngine();
            int pause = random.Next(2_000_000);
            var disposing = Task.Run(() =>
            {
                Thread.SpinWait(pause);
                engine.Dispose();
            });
            try
            {
                foreach ((int row, float[] expected) in _streamed.Index())
                    Check("stream", [engine.Predict(Series(row))!.Forecast], [expected]);
            }
            catch (ObjectDisposedException)
            {
                Interlocked.Increment(ref _disposals);
            }
            disposing.Wait(CancellationToken.None);
        }
    }

    private float[][] Stream()
    {
        using SequenceEngine<Value, Forecasted> engine = CreateEngine();
        return [.. Enumerable.Range(0, SeriesRows).Select(i => engine.Predict(Series(i))!.Forecast)];
    }

    private SequenceEngine<Value, Forecasted> CreateEngine()
    {
        var ml = new MLContext();
        return ml.Model.Load(Path.Combine(_folder, "forecaster.zip"), out _).CreateSequenceEngine<Value, Forecasted>(ml);
    }

    private static Value Series(int row) => new() { Y = 50 + (10 * MathF.Sin(row * 0.26f)) };

    private void Check(string way, float[][] found, float[][] expected)
    {
        Interlocked.Add(ref _predictions, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i].AsSpan().SequenceEqual(expected[i]))
                continue;
            Interlocked.Increment(ref _wrong);
            _ways.AddOrUpdate(way, 1, (_, count) => count + 1);
            _examples.TryAdd(way, FormattableString.Invariant($"{way} {i} of {found.Length}: {string.Join(' ', found[i])}; expected {string.Join(' ', expected[i])}"));
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : values[values.Length / 2];
    }

    private sealed record Loaded(ITransformer Transformer, RecurrentModel Model, ForecastModel Forecaster);

    private sealed class Row
    {
        [VectorType(WindowLength)]
        public float[] Features { get; set; } = [];

        [VectorType(Horizon)]
        public float[] Label { get; set; } = new float[Horizon];
    }

    private sealed class Value
    {
        public float Y { get; set; }
    }

    private sealed class Forecasted
    {
        public float[] Forecast { get; set; } = [];
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
