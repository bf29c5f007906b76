using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Lstm;
using static System.FormattableString;

namespace Samples;

/// <summary>One forecaster for 1,000 series of 1,000 rows: how long reading, a pass over every window and a forecast of every series take, and how much memory.</summary>
internal sealed class ManySeries : ISample
{
    private const int Horizon = 12, Season = 24;

    public string Name => "many-series";

    public string Description => "Train one forecaster on 1,000 series of 1,000 rows, every window once: times and memory.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        int series = context.Quick ? 20 : 1000, length = context.Quick ? 200 : 1000;
        IDataView rows = ml.Data.LoadFromEnumerable(Generate(series, length));
        var watch = Stopwatch.StartNew();
        double read = 0;
        long shown = 0;
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = 2 * Season,
            Horizon = Horizon,
            SeasonLength = Season,
            NumberOfEpochs = 1,
            BatchSize = 256,
            // A million: every window counts, none is left out.
            WindowsPerEpoch = series * length,
            ValidationFraction = 0.05,
            BatchDone = batch =>
            {
                if (batch.Batch == 0)
                    read = watch.Elapsed.TotalSeconds;
                if (watch.ElapsedMilliseconds < shown + 500)
                    return;
                shown = watch.ElapsedMilliseconds;
                Console.Write(Invariant($"\r{100 * batch.Batch / batch.BatchCount} % of {batch.BatchCount} batches, loss {batch.Loss:F3} "));
            },
            CancellationToken = context.Cancellation,
        });
        LstmForecastingTransformer model = forecaster.Fit(rows);
        EpochReport epoch = model.History.Epochs[0];
        Console.WriteLine(Invariant($"\rread and laid out in {read:F1} s; a pass in {epoch.Seconds:F1} s, {epoch.SequencesPerSecond:F0} windows a second; {watch.Elapsed.TotalSeconds:F1} s in all with review and calibration"));

        watch.Restart();
        ForecastModel forecasts = model.Model;
        float[] last = [];
        foreach (IGrouping<string, Row> one in Generate(series, length).GroupBy(row => row.Series))
            last = [.. forecasts.Forecast([.. one.Select(row => row.Value)], one.Key).Values];
        Console.WriteLine(Invariant($"the future of each series in {watch.Elapsed.TotalSeconds:F1} s in all; memory at most {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB"));
        return last.Length == Horizon && Array.TrueForAll(last, float.IsFinite);
    }

    // Not held: the forecaster keeps what it needs.
    private static IEnumerable<Row> Generate(int series, int length)
    {
        for (int s = 0; s < series; s++)
        {
            var random = new Random(s);
            string name = Invariant($"series {s}");
            double level = 100 * random.NextDouble(), phase = Season * random.NextDouble(), trend = random.NextDouble() - 0.5;
            for (int i = 0; i < length; i++)
                yield return new Row { Series = name, Value = (float)(level + (0.1 * trend * i) + (10 * Math.Sin(2 * Math.PI * (i + phase) / Season)) + (4 * random.NextDouble())) };
        }
    }

    private sealed class Row
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }
    }
}
