using Microsoft.ML;
using Microsoft.ML.Lstm;
using Samples.Shared;
using static System.FormattableString;

namespace Samples;

/// <summary>
/// Nottingham's temperature, a year ahead: settings are searched for on all months but the last four years, from a window of three
/// months, which is too short to see the season. Then both forecasters
/// are tested on those years, which neither the search nor they were trained on. Run again, it resumes from the output folder.
/// </summary>
internal sealed class SettingsSearch : ISample
{
    private const int Horizon = 12, TestMonths = 48;

    public string Name => "search";

    public string Description => "Search for a forecaster's settings, and test what was found on years that took no part.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        IDataView all = ml.Data.LoadFromTextFile<Month>(context.DataFile("nottingham-temperature-monthly.csv"), separatorChar: ',',
            hasHeader: true);
        Month[] months = [.. ml.Data.CreateEnumerable<Month>(all, reuseRowObject: false)];
        IDataView known = ml.Data.LoadFromEnumerable(months[..^TestMonths]);
        var given = new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            TimeColumnName = "Date",
            CalendarFeatures = CalendarFeatures.None,
            WindowSize = 3,
            Horizon = Horizon,
            NumberOfEpochs = context.Quick ? 1 : 20,
            Seed = 1,
        };
        ForecastSearchResult result = ml.Forecasting.SearchForecastByLstm(known, given, new ForecastSearchOptions
        {
            NumberOfTrials = context.Quick ? 2 : 20,
            Seed = 1,
            Folder = Path.Combine(context.OutputFolder, context.Quick ? "search-quick" : "search"),
            TrialDone = progress => Console.WriteLine(progress.Latest),
            CancellationToken = context.Cancellation,
            Refit = false,
        });
        Console.WriteLine(result);
        ForecastMetrics before = Test(given), found = Test(result.Options);
        Console.WriteLine("On the last four years, with the settings that were found:");
        Console.WriteLine(found);
        Console.WriteLine(Invariant($"With those given: mean absolute error {before.Errors.MeanAbsoluteError:F3}."));
        return result.Best.Score <= result.Trials.Last(rung => rung.Trial == 0).Score && found.ForecastCount > 0;

        ForecastMetrics Test(LstmForecaster.Options options) =>
            ml.Forecasting.Backtest(all, ml.Forecasting.ForecastByLstm(options),
                new BacktestOptions { NumberOfOrigins = TestMonths - Horizon + 1, Stride = 1 }).Metrics;
    }
}
