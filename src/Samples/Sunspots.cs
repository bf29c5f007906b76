using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;
using Samples.Shared;

namespace Samples;

/// <summary>The main job: the next twelve months of sunspots from the last eleven years, against two forecasts that need no learning.</summary>
internal sealed class Sunspots : ISample
{
    private const int Past = 132, Future = 12;

    public string Name => "sunspots";

    public string Description => "Forecast monthly sunspots 1 to 12 months ahead; compare, draw, save, reload.";

    // The options were chosen on the last fifth of the training months (and the fifth before it); the test months had no say in them.
    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView months = ml.Data.LoadFromTextFile<Month>(context.DataFile("sunspots-monthly.csv"), separatorChar: ',', hasHeader: true);
        var split = ml.Data.ChronologicalSplit(months, testFraction: 0.2, timeColumnName: "Date");
        int epochs = context.Quick ? 1 : 30;
        long began = Stopwatch.GetTimestamp();
        var model = TrainingBar.Run(epochs, report => ml.Transforms.WindowSequence("Window", ["Value"], Past, Future, "Next")
            .Append(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                LabelColumnName = "Next",
                FeatureColumnName = "Window",
                Dropout = new RegularizationSpec { RecurrentDropout = 0.2f, OutputDropout = 0.2f },
                PredictDifference = true,
                NumberOfEpochs = epochs,
                Schedule = LearningRateSchedule.Cosine(0.005f, warmUpSteps: 100),
                ValidationFraction = 0,
                Seed = 1,
                EpochDone = report,
                CancellationToken = context.Cancellation,
            })).Fit(split.TrainSet));
        string trained = FormattableString.Invariant($"Trained in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s on the months before the test.");

        Forecast[] test = [.. ml.Data.CreateEnumerable<Forecast>(model.Transform(split.TestSet), reuseRowObject: false)];
        var scores = new ForecastScores(test, [1, 3, 6, 12]);
        scores.Print(trained);
        string zip = context.OutputFile("model.zip");
        ml.Model.Save(model, split.TrainSet.Schema, zip);
        bool same = SameAfterReload(zip, test);
        Console.WriteLine($"{zip} reloaded: {test.Length} forecasts are {(same ? "bit-identical" : "NOT bit-identical")}.");
        Month[] all = [.. ml.Data.CreateEnumerable<Month>(months, reuseRowObject: false)];
        Report(context.OutputFile("sunspots.html"), trained, scores, test, all, NextMonths(ml, model, all));
        return same && (scores.BeatsBoth || context.Quick);
    }

    private static bool SameAfterReload(string zip, Forecast[] test)
    {
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<History, Forecast>(ml.Model.Load(zip, out _));
        return test.All(row => engine.Predict(new History { Value = row.Window }).Score.SequenceEqual(row.Score));
    }

    private static float[] NextMonths(MLContext ml, ITransformer model, Month[] all)
    {
        using var engine = ml.Model.CreatePredictionEngine<History, Forecast>(model);
        return engine.Predict(new History { Value = [.. all[^Past..].Select(month => month.Value)] }).Score;
    }

    private static void Report(string path, string trained, ForecastScores scores, Forecast[] test, Month[] all, float[] next)
    {
        ChartLine Truth(int months) => new("truth", "#888", [.. all.TakeLast(months).Select(m => (Year(m.Date, 0), (double)m.Value))]);
        ChartLine At(int h, string color) => new($"{h} months ahead", color, [.. test.Select(r => (Year(r.Date, h), (double)r.Score[h - 1]))]);
        new HtmlReport("Monthly sunspots, forecast by an LSTM").Text(trained).Table(ForecastScores.Header, scores.Rows)
            .Chart("Twelve months ahead, on months never trained on", Truth(test.Length), At(12, "#d9480f"))
            .Chart("Three months ahead", Truth(test.Length), At(3, "#1971c2"))
            .Chart("The twelve months after the data ends", Truth(60), ChartLine.Of("forecast", "#d9480f", next, Year(all[^1].Date, 1), 1 / 12.0))
            .Save(path);
        Console.WriteLine($"{path} shows the forecasts beside the truth.");
    }

    private static double Year(DateTime month, int later) => month.Year + (month.Month - 1 + later) / 12.0;

    private sealed class History
    {
        [VectorType(Past)]
        public float[] Value { get; set; } = [];
    }

    internal sealed class Forecast
    {
        public DateTime Date { get; set; }

        public float[] Window { get; set; } = [];

        public float[] Next { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
