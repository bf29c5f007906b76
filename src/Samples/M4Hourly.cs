using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>M4's 414 hourly series by one network: 48 hours ahead, compared with the competition's published figures.</summary>
internal sealed class M4Hourly : ISample
{
    private const int Horizon = 48, Season = 24;

    public string Name => "m4-hourly";

    public string Description => "Forecast M4's 414 hourly series by one network (--data: folder with Hourly-train.csv and Hourly-test.csv).";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        Series[] all = context.Quick && context.DataFolder is null ? Generated() : Read(context);
        Series[] series = context.Quick ? all[..Math.Min(8, all.Length)] : all;
        IDataView training = ml.Data.LoadFromEnumerable(series.SelectMany(s => s.Past.Select(value => new Hour { Series = s.Name, Value = value })));
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            WindowSize = 336,
            Horizon = Horizon,
            SegmentLength = 24,
            SeasonLength = Season,

            // Smooth series, whose swing is up to a hundred times their daily change, beside noisy ones, whose is two or three times.
            SpreadShare = 0.3f,
            HiddenSizes = [context.Quick ? 16 : 128],
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            NumberOfEpochs = context.Quick ? 1 : 25,
            WindowsPerEpoch = context.Quick ? 200 : 24_000,
            BatchSize = 256,
            Schedule = LearningRateSchedule.Cosine(0.002f, warmUpSteps: 100),
            Patience = null,
            ValidationFraction = 0.05,
            NumberOfModels = context.Quick ? 1 : context.Seeds ?? 3,
            Seed = 1,
            CancellationToken = context.Cancellation,
            EpochDone = epoch => Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch + 1}: loss {epoch.Loss:F4}, validation {epoch.ValidationLoss:F4}, {epoch.Seconds:F0} s")),
        });
        var model = forecaster.Fit(training);
        Console.WriteLine(model.Diagnosis);

        // One forecast of each series, from the end of its past; the rows before give the baselines their history.
        Scored[] past = [.. ml.Data.CreateEnumerable<Scored>(model.Transform(training), reuseRowObject: false)];
        float[] none = [.. Enumerable.Repeat(float.NaN, Horizon)];
        IEnumerable<Scored> rows = past.GroupBy(row => row.Series).Zip(series).SelectMany(pair => pair.First.SkipLast(1).Select(row => new Scored { Series = row.Series, Value = row.Value, Forecast = none, Lower = none, Upper = none })
            .Append(pair.First.Last()).Concat(pair.Second.Future.Select(value => new Scored { Series = pair.Second.Name, Value = value, Forecast = none, Lower = none, Upper = none })));
        ForecastMetrics metrics = ml.Forecasting.EvaluateForecast(ml.Data.LoadFromEnumerable(rows), "Value", "Forecast", "Series", "Lower", "Upper", 0.95, Season, training);
        Console.WriteLine(metrics);
        Console.WriteLine(FormattableString.Invariant(
            $"sMAPE {metrics.Errors.SymmetricMeanAbsolutePercentageError:F3}, MASE {metrics.Errors.MeanAbsoluteScaledError:F3}, OWA {metrics.OverallWeightedAverage:F3}, MSIS {metrics.MeanScaledIntervalScore:F3}"));
        if (!context.Quick)
            Console.WriteLine("The competition's winner: 9.328, 0.893, 0.440, 7.928");
        return metrics.ForecastCount == series.Length;
    }

    private static Series[] Read(SampleContext context)
    {
        (string Name, float[] Values)[] past = Rows(context.DataFile("Hourly-train.csv")), future = Rows(context.DataFile("Hourly-test.csv"));
        return [.. past.Zip(future, (a, b) => new Series(a.Name, a.Values, b.Values))];
    }

    private static (string, float[])[] Rows(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',').Select(field => field.Trim('"')).ToArray())
        .Select(fields => (fields[0], fields.Skip(1).Where(field => field.Length > 0).Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray()))];

    // Without the data the sample shows that it runs.
    private static Series[] Generated() => [.. Enumerable.Range(1, 8).Select(s =>
    {
        float[] values = [.. Enumerable.Range(0, 700 + Horizon).Select(i => (float)(s * (10 + Math.Sin(2 * Math.PI * i / 24)) + (0.1 * new Random(i).NextDouble())))];
        return new Series($"H{s}", values[..700], values[700..]);
    })];

    private sealed record Series(string Name, float[] Past, float[] Future);

    private class Hour
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }
    }

    private sealed class Scored : Hour
    {
        [VectorType(Horizon)]
        public float[] Forecast { get; set; } = [];

        [VectorType(Horizon)]
        public float[] Lower { get; set; } = [];

        [VectorType(Horizon)]
        public float[] Upper { get; set; } = [];
    }
}
