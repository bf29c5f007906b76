using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Samples.Shared;

namespace Samples;

/// <summary>
/// Anomalies in the Numenta benchmark's series: each detector learns from the first 15 % of its series, which the benchmark calls probation and labels nothing in, and scores the rest row by row.
/// All settings are the library's, for all files alike; the labels are only counted.
/// </summary>
internal sealed class Anomalies : ISample
{
    private const double Probation = 0.15, Confidence = 0.9999;
    private const int Day = 288;

    public string Name => "anomalies";

    public string Description => "Find anomalies in server metrics, traffic and artificial series (--data: folder with nab/), beside a z-score of changes.";

    public bool Run(SampleContext context)
    {
        (string Name, Reading[] Rows, (DateTime From, DateTime To)[] Windows)[] files = context.DataFolder is null ? [Generated()] : Read(Path.Combine(context.DataFolder, "nab"), context.Quick ? 2 : int.MaxValue);
        (var ours, var simple, bool same) = (new AlertCounts(), new AlertCounts(), true);
        foreach ((string name, Reading[] rows, (DateTime From, DateTime To)[] windows) in files)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int known = (int)(Probation * rows.Length);
            bool[] found = Detect(rows, known, context, out bool isSame);
            same &= isSame;
            AlertCounts one = AlertCounts.Of(rows, found, windows, known), other = AlertCounts.Of(rows, ZScore(rows, known), windows, known);
            Console.WriteLine($"{name,-58} LSTM: {one,-52} changes: {other}");
            (ours, simple) = (ours + one, simple + other);
        }
        Console.WriteLine($"LSTM forecast             {ours.Summary}");
        Console.WriteLine($"z-score of changes        {simple.Summary}");
        Console.WriteLine($"One by one the rows have the same scores as all at once: {(same ? "yes" : "NO")}.");
        return same && ours.Found > 0;
    }

    private static bool[] Detect(Reading[] rows, int known, SampleContext context, out bool same)
    {
        var ml = new MLContext(seed: 1);
        var options = new LstmAnomalyDetector.Options { ConfidenceLevel = Confidence };
        options.Forecaster.InputColumnNames = ["Value"];
        options.Forecaster.WindowSize = Math.Min(Day, known / 2);
        options.Forecaster.NumberOfEpochs = context.Quick ? 1 : 20;
        options.Forecaster.HiddenSizes = [32];
        // One in ten thousand is judged from the tail of what was held out: half of the little there is.
        options.Forecaster.ValidationFraction = 0.5;
        options.Forecaster.Seed = 1;
        options.Forecaster.CancellationToken = context.Cancellation;
        var model = ml.Transforms.DetectAnomalyByLstm(options).Fit(ml.Data.LoadFromEnumerable(rows[..known]));
        double[][] scores = [.. model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<double[]>("Anomaly")];
        using SequenceEngine<Reading, Scored> engine = model.CreateSequenceEngine<Reading, Scored>(ml);
        same = rows.Take(known + 50).Select(row => engine.Predict(row)!.Anomaly).Zip(scores).All(pair => pair.First.SequenceEqual(pair.Second));
        return [.. scores.Select(row => row[0] == 1)];
    }

    // As far out as the detector's level in a normal distribution of the changes from row to row.
    private static bool[] ZScore(Reading[] rows, int known)
    {
        const double Level = 3.89;
        double[] changes = [0, .. rows.Zip(rows.Skip(1), (a, b) => (double)b.Value - a.Value)];
        double mean = changes.Take(known).Average(), deviation = Math.Sqrt(changes.Take(known).Average(change => Math.Pow(change - mean, 2)));
        return [.. changes.Select(change => Math.Abs(change - mean) > Level * Math.Max(deviation, 1e-9))];
    }

    private static (string, Reading[], (DateTime, DateTime)[])[] Read(string folder, int most)
    {
        var windows = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(File.ReadAllText(Path.Combine(folder, "windows.json")))!;
        DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
        return [.. windows.OrderBy(pair => pair.Key, StringComparer.Ordinal).Where(pair => File.Exists(Path.Combine(folder, pair.Key))).Take(most).Select(pair => (pair.Key,
            File.ReadLines(Path.Combine(folder, pair.Key)).Skip(1).Select(line => line.Split(',')).Select(cells => new Reading { Date = Time(cells[0]), Value = float.Parse(cells[1], CultureInfo.InvariantCulture) }).ToArray(),
            pair.Value.Select(window => (Time(window[0]), Time(window[1]))).ToArray()))];
    }

    // Without the data the sample shows that it runs: a day's rhythm, and once a night without its rest.
    private static (string, Reading[], (DateTime, DateTime)[]) Generated()
    {
        var random = new Random(1);
        DateTime start = new(2024, 1, 1);
        Reading[] rows = [.. Enumerable.Range(0, 2000).Select(i => new Reading { Date = start.AddMinutes(30 * i), Value = (float)(10 * Math.Sin(i * Math.PI / 24)) + random.NextSingle() + (i is > 1500 and < 1510 ? 12 : 0) })];
        return ("generated", rows, [(rows[1490].Date, rows[1530].Date)]);
    }

    private sealed class Scored
    {
        public double[] Anomaly { get; set; } = [];
    }
}
