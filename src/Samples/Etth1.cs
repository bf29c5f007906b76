using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>ETTh1 under its published protocol: seven channels by one network, every test window counted, squared error on values scaled by the training rows.</summary>
internal sealed class Etth1 : ISample
{
    private const int Channels = 7, Window = 720, TrainingRows = 8640, HeldRows = 2880;

    public string Name => "etth1";

    public string Description => "Forecast ETTh1's seven channels (--data: folder with ETTh1.csv; --variant: the horizon).";

    public IEnumerable<string> Variants => ["96", "192", "336", "720"];

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        int horizon = context.Quick ? 24 : int.Parse(context.Variant ?? "96", CultureInfo.InvariantCulture), window = context.Quick ? 96 : Window;
        Hour[] rows = context.Quick && context.DataFolder is null ? Generated() : Read(context.DataFile("ETTh1.csv"));
        int trained = rows.Length * (TrainingRows + HeldRows) / (TrainingRows + (2 * HeldRows));
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = [.. Enumerable.Range(1, Channels).Select(c => $"C{c}")],
            WindowSize = window,
            Horizon = horizon,
            SegmentLength = 24,
            SeasonLength = 24,
            HiddenSizes = [context.Quick ? 16 : 128],
            NumberOfEpochs = context.Quick ? 1 : 10,
            WindowsPerEpoch = context.Quick ? 500 : 28_000,
            BatchSize = 256,
            Schedule = LearningRateSchedule.Constant(0.0005f),
            ValidationFraction = (double)HeldRows / (TrainingRows + HeldRows),
            NumberOfModels = context.Seeds ?? 1,
            Seed = 1,
            CancellationToken = context.Cancellation,
            EpochDone = epoch => Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch + 1}: loss {epoch.Loss:F4}, validation {epoch.ValidationLoss:F4}, {epoch.Seconds:F0} s")),
        });
        var model = forecaster.Fit(ml.Data.LoadFromEnumerable(rows[..trained]));
        Console.WriteLine(model.Diagnosis);
        float[][] forecasts = [.. model.Transform(ml.Data.LoadFromEnumerable(rows[(trained - window)..])).GetColumn<float[]>("Forecast")];
        (double squared, double absolute, long count) = (0, 0, 0);
        for (int origin = trained; origin <= rows.Length - horizon; origin++)
            for (int c = 0; c < Channels; c++)
                for (int h = 0; h < horizon; h++, count++)
                {
                    double error = forecasts[origin - 1 - (trained - window)][(c * horizon) + h] - rows[origin + h].Values[c];
                    squared += error * error;
                    absolute += Math.Abs(error);
                }
        Console.WriteLine(FormattableString.Invariant($"Horizon {horizon}: MSE {squared / count:F4}, MAE {absolute / count:F4} over {count / (Channels * horizon)} windows"));
        return double.IsFinite(squared);
    }

    private static Hour[] Read(string path)
    {
        float[][] rows = [.. File.ReadLines(path).Skip(1).Take(TrainingRows + (2 * HeldRows)).Select(line => line.Split(',')[1..].Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
        return Scaled(rows, TrainingRows);
    }

    // Without the data the sample shows that it runs.
    private static Hour[] Generated() => Scaled([.. Enumerable.Range(0, 1000).Select(i => Enumerable.Range(1, Channels).Select(c => (float)(c * Math.Sin(2 * Math.PI * i / 24))).ToArray())], 600);

    private static Hour[] Scaled(float[][] rows, int training)
    {
        for (int c = 0; c < Channels; c++)
        {
            double mean = rows.Take(training).Average(row => row[c]), scale = Math.Sqrt(rows.Take(training).Average(row => Math.Pow(row[c] - mean, 2)));
            foreach (float[] row in rows)
                row[c] = (float)((row[c] - mean) / scale);
        }
        return [.. rows.Select(row => new Hour { Values = row, C1 = row[0], C2 = row[1], C3 = row[2], C4 = row[3], C5 = row[4], C6 = row[5], C7 = row[6] })];
    }

    private sealed class Hour
    {
        [NoColumn]
        public float[] Values { get; set; } = [];

        public float C1 { get; set; }

        public float C2 { get; set; }

        public float C3 { get; set; }

        public float C4 { get; set; }

        public float C5 { get; set; }

        public float C6 { get; set; }

        public float C7 { get; set; }
    }
}
