using Microsoft.ML.Lstm.Tool.Series;
using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>The search for a forecaster's settings, on the rows before those that it is tested on.</summary>
internal sealed partial class SeriesRun
{
    /// <summary>What a search found, and tests and trainings then use; null: there was none.</summary>
    public ForecastSearchResult? Found { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="request">How long.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="replaces">Whether another search that is there may be replaced.</param>
    /// <exception cref="ToolException">Another search is there.</exception>
    public void Search(SearchRequest request, string folder, bool replaces)
    {
        LstmForecaster.Options given = Plan.Options(Request, Table.Roles);
        given.SeasonLength = Season;
        IDataView data = Categorised();
        var test = new BacktestOptions { NumberOfOrigins = Plan.Origins, SeasonLength = Season };
        IDataView known = new Forecasting.Backtest(_ml, data, _ml.Forecasting.ForecastByLstm(given), test).TrainingRows(0);
        var options = new ForecastSearchOptions
        {
            NumberOfTrials = request.Trials,
            TimeLimit = request.TimeLimit,
            NumberOfFolds = request.Folds,
            Seed = Request.Seed,
            Folder = folder,
            Refit = false,
            CancellationToken = _interruption.NextTraining(),
            TrialDone = Tell,
        };
        try
        {
            Found = _ml.Forecasting.SearchForecastByLstm(known, given, options);
        }
        catch (InvalidDataException) when (replaces)
        {
            Directory.Delete(folder, recursive: true);
            Found = _ml.Forecasting.SearchForecastByLstm(known, given, options);
        }
        catch (InvalidDataException e)
        {
            throw new ToolException($"{e.Message} --force searches anew, --output says where.", e);
        }
        Plan = Plan with { Window = Found.Options.WindowSize, Epochs = Found.Options.NumberOfEpochs };
        SearchRung first = Found.Trials.Last(rung => rung.Trial == 0);
        _console.Say(FormattableString.Invariant(
            $"Searched: {Found.Trials.Select(rung => rung.Trial).Distinct().Count()} trials ({Found.End}). ")
            + FormattableString.Invariant($"The best, {Found.Best.Settings}: error {Found.Best.Score:G4} on rows before the test, ")
            + FormattableString.Invariant($"{first.Score:G4} without the search."));
    }

    /// <summary>The forecaster's options: those that were found, or those of the plan.</summary>
    public LstmForecaster.Options Settings() =>
        Found is null ? Plan.Options(Request, Table.Roles) : (LstmForecaster.Options)Found.Options.Copy();

    private void Tell(SearchProgress progress)
    {
        SearchRung latest = progress.Latest;
        string count = progress.TrialCount is { } trials ? FormattableString.Invariant($" of {trials}") : "";
        string seconds = progress.IsNew ? FormattableString.Invariant($"{latest.Seconds:F1} s") : "found in the folder";
        _console.Progress.WriteLine(FormattableString.Invariant(
            $"Search: trial {latest.Trial + 1}{count}, {latest.Epochs} epochs, error {latest.Score:G4}, best {progress.Best.Score:G4}, {seconds}; ")
            + latest.Settings);
    }
}
