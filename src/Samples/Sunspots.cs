using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Reporting;
using Samples.Shared;

namespace Samples;

/// <summary>The main job: the next twelve months of sunspots with their interval, against forecasts that need no learning; a picture; save and reload.</summary>
internal sealed class Sunspots : ISample
{
    private const int Future = 12, Cycle = 132;

    public string Name => "sunspots";

    public string Description => "Forecast monthly sunspots 1 to 12 months ahead with an interval; compare, draw, save, reload.";

    // The options were not chosen on the test months: but for the window, two solar cycles, they are the library's.
    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView months = ml.Data.LoadFromTextFile<Month>(context.DataFile("sunspots-monthly.csv"), separatorChar: ',', hasHeader: true);
        Month[] all = [.. ml.Data.CreateEnumerable<Month>(months, reuseRowObject: false)];
        int known = all.Length * 4 / 5, epochs = context.Quick ? 1 : 20;
        IDataView trainData = ml.Data.LoadFromEnumerable(all[..known]);
        long began = Stopwatch.GetTimestamp();
        var model = TrainingBar.Run(epochs, report => ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            TimeColumnName = "Date",
            WindowSize = 2 * Cycle,
            Horizon = Future,
            SeasonLength = Cycle,
            NumberOfEpochs = epochs,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            ConfidenceLevel = 0.9f,
            Seed = 1,
            EpochDone = report,
            CancellationToken = context.Cancellation,
        }).Fit(trainData));
        Console.WriteLine(FormattableString.Invariant($"Trained in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s on the {known} months before the test."));
        Console.WriteLine(model.Diagnosis);

        // Forecasts from the last known month on; those before it are not counted.
        IDataView tested = ml.Data.SkipRows(model.Transform(months), known - 1);
        ForecastMetrics metrics = ml.Forecasting.EvaluateForecast(tested, "Value", "Forecast", null, "Lower", "Upper", 0.9, Cycle, trainData);
        Console.WriteLine(metrics);
        ForecastResult next = model.Model.Forecast([.. all.Select(month => month.Value)], lastTime: all[^1].Date);
        for (int h = 0; h < Future; h++)
            Console.WriteLine(FormattableString.Invariant($"{all[^1].Date.AddMonths(h + 1):yyyy-MM}  {next.Values[h],6:F1}  ({next.LowerBounds[h]:F1} to {next.UpperBounds[h]:F1})"));

        string zip = context.OutputFile("model.zip"), page = context.OutputFile("sunspots.html");
        ml.Model.SaveAtomically(model, months.Schema, zip);
        bool same = new MLContext().Model.Load(zip, out _).Transform(months).GetColumn<float[]>("Forecast").Zip(model.Transform(months).GetColumn<float[]>("Forecast")).All(pair => pair.First.SequenceEqual(pair.Second));
        Console.WriteLine($"{zip} reloaded: {all.Length} forecasts are {(same ? "bit-identical" : "NOT bit-identical")}.");
        model.SaveReport(ml, ml.Data.LoadFromEnumerable(all[(known - (2 * Cycle))..]), page, new ForecastReportOptions { Title = "Monthly sunspots", TrainData = trainData });
        Console.WriteLine($"{page} shows the forecast, its errors and what it rests on.");
        return same && (context.Quick || metrics.Errors.MeanAbsoluteError < Math.Min(metrics.Baselines["Persistence"].MeanAbsoluteError, metrics.Baselines["SeasonalNaive"].MeanAbsoluteError));
    }
}
