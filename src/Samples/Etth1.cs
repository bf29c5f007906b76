using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Samples;

/// <summary>ETTh1 under its published protocol: seven channels by one network, or the oil temperature alone, every test window counted, squared error on values scaled by the training rows.</summary>
internal sealed class Etth1 : ISample
{
    private const int Channels = 7, TrainingRows = 8640, HeldRows = 2880;
    private const string OilTemperature = "ot-";

    public string Name => "etth1";

    public string Description => "Forecast ETTh1's seven channels, or its oil temperature (--data: folder with ETTh1.csv; --variant: the horizon, of the oil temperature alone with ot- before it).";

    public IEnumerable<string> Variants => ["96", "192", "336", "720", "ot-96", "ot-192", "ot-336", "ot-720"];

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        string variant = context.Variant ?? "96";
        bool isOne = variant.StartsWith(OilTemperature, StringComparison.Ordinal);
        Hour[] rows = context.Quick && context.DataFolder is null ? Generated() : Read(context.DataFile("ETTh1.csv"));
        int trained = rows.Length * (TrainingRows + HeldRows) / (TrainingRows + (2 * HeldRows));
        int horizon = context.Quick ? 24 : int.Parse(variant[(isOne ? OilTemperature.Length : 0)..], CultureInfo.InvariantCulture);
        LstmForecaster.Options options = isOne ? OfOilTemperature() : OfAllChannels(horizon);
        options.Horizon = horizon;
        if (context.Quick)
            (options.WindowSize, options.HiddenSizes, options.NumberOfEpochs, options.WindowsPerEpoch) = (96, [16], 1, 500);
        options.NumberOfModels = context.Seeds ?? 1;
        options.CancellationToken = context.Cancellation;
        options.EpochDone = epoch => Console.WriteLine(FormattableString.Invariant($"epoch {epoch.Epoch + 1}: loss {epoch.Loss:F4}, validation {epoch.ValidationLoss:F4}, {epoch.Seconds:F0} s"));
        LstmForecastingTransformer model = ml.Forecasting.ForecastByLstm(options).Fit(ml.Data.LoadFromEnumerable(rows[..trained]));
        Console.WriteLine(model.Diagnosis);
        // The rows that were held out choose settings; those after them are the test.
        int first = rows.Length * TrainingRows / (TrainingRows + (2 * HeldRows)), window = options.WindowSize;
        float[][] forecasts = [.. model.Transform(ml.Data.LoadFromEnumerable(rows[(first - window)..])).GetColumn<float[]>("Forecast")];
        bool isFinite = true;
        foreach ((string name, int from, int to) in new[] { ("held out", first, trained), ("test", trained, rows.Length) })
        {
            (double squared, double absolute, int windows) = Errors(rows, forecasts, from, to, first - window, isOne ? [Channels - 1] : [.. Enumerable.Range(0, Channels)], horizon);
            Console.WriteLine(FormattableString.Invariant($"{(isOne ? "Oil temperature, horizon" : "Horizon")} {horizon}, {name}: MSE {squared:F4}, MAE {absolute:F4} over {windows} windows"));
            isFinite &= double.IsFinite(squared);
        }
        return isFinite;
    }

    // Absolute errors are learned, in which a few wild windows count less; a linear forecast that is trained with the network overfits the
    // seven channels. The far end of a long horizon is little more than noise, which more epochs learn.
    private static LstmForecaster.Options OfAllChannels(int horizon) => new()
    {
        InputColumnNames = [.. Enumerable.Range(1, Channels).Select(c => $"C{c}")],
        WindowSize = 720,
        SegmentLength = horizon > 96 ? 48 : 24,
        SeasonLength = 24,
        HiddenSizes = [128],
        Loss = new LossSpec { Kind = LossKind.MeanAbsoluteError },
        TrainSkip = false,
        Dropout = new RegularizationSpec { OutputDropout = horizon > 96 ? 0.3f : 0.1f },
        BatchSize = 256,
        WindowsPerEpoch = horizon > 336 ? 24_000 : 27_000,
        NumberOfEpochs = horizon > 336 ? 6 : 8,
        Patience = 8,
        Schedule = LearningRateSchedule.Cosine(0.001f, warmUpSteps: 100),
        ValidationFraction = (double)HeldRows / (TrainingRows + HeldRows),
        Seed = 1,
    };

    // One series alone says little: a small network beside the linear forecast, which it may better.
    private static LstmForecaster.Options OfOilTemperature() => new()
    {
        InputColumnNames = [$"C{Channels}"],
        WindowSize = 336,
        SegmentLength = 24,
        SeasonLength = 24,
        HiddenSizes = [64],
        Dropout = new RegularizationSpec { OutputDropout = 0.3f },
        BatchSize = 64,
        WindowsPerEpoch = 7_000,
        NumberOfEpochs = 15,
        Patience = 8,
        Schedule = LearningRateSchedule.Cosine(0.0005f, warmUpSteps: 100),
        ValidationFraction = (double)HeldRows / (TrainingRows + HeldRows),
        Seed = 1,
    };

    // Of all windows whose horizon lies in rows from, inclusive, to to.
    private static (double Squared, double Absolute, int Windows) Errors(Hour[] rows, float[][] forecasts, int from, int to, int firstForecast, int[] channels, int horizon)
    {
        (double squared, double absolute, int windows) = (0, 0, to - from - horizon + 1);
        for (int origin = from; origin <= to - horizon; origin++)
            for (int c = 0; c < channels.Length; c++)
                for (int h = 0; h < horizon; h++)
                {
                    double error = forecasts[origin - 1 - firstForecast][(c * horizon) + h] - rows[origin + h].Values[channels[c]];
                    squared += error * error;
                    absolute += Math.Abs(error);
                }
        double count = (double)windows * channels.Length * horizon;
        return (squared / count, absolute / count, windows);
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
