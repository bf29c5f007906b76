using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Searches for a forecaster: each trial is trained on the rows before the first of several origins at the end of the series, and
/// forecasts from all of them, as a backtest does.
/// </summary>
internal sealed class ForecastSearch
{
    // Until the season is known, which says how long a window should be.
    private const int AnyWindow = 100_000, MostOrigins = 10, ValidationShare = 5;
    private readonly IHost _host;
    private readonly IDataView _data;
    private readonly LstmForecaster.Options _options;
    private readonly ForecastSearchOptions _search;
    private readonly HyperparameterSpace<LstmForecaster.Options> _space;
    private readonly SeriesTable _table;
    // The latest first.
    private readonly Backtest[] _folds;
    private readonly int _origins;

    /// <summary>Reads the series.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough.</exception>
    public ForecastSearch(
        IHostEnvironment environment, IDataView data, LstmForecaster.Options options, ForecastSearchOptions search,
        HyperparameterSpace<LstmForecaster.Options>? space)
    {
        search.Validate();
        _host = environment.Register(nameof(ForecastSearch));
        (_data, _search, _options) = (data, search, (LstmForecaster.Options)options.Copy());
        Require(options.WindowSize >= 0, nameof(options.WindowSize), options.WindowSize, "1 or more, or 0 for one that the season says");
        bool hasWindow = options.WindowSize > 0;
        if (!hasWindow)
            _options.WindowSize = AnyWindow;
        var forecaster = new LstmForecaster(_host, Single(_options));
        using (var cancellation = new HostCancellation(_host, search.CancellationToken))
            _table = new SeriesReader(_host, forecaster.Names.Find(_host, data.Schema), data.Schema, forecaster.Step)
                .Read(data, cancellation.Token);
        int longest = _table.Series.Count == 0 ? 0 : _table.Series.Max(series => series.KnownCount);
        int stride = search.Stride ?? options.Horizon;
        _origins = search.NumberOfOrigins ?? Math.Clamp(longest / ValidationShare / stride / search.NumberOfFolds, 1, MostOrigins);
        long rows = (long)_origins * stride * (search.NumberOfFolds - 1);
        Require(rows < longest, nameof(search.NumberOfFolds), search.NumberOfFolds,
            $"fewer: {_origins} origins {stride} rows apart in each are more than the {longest} rows of the longest series");
        _folds = [.. Enumerable.Range(0, search.NumberOfFolds).Select(fold => new Backtest(_host, data, forecaster,
            new BacktestOptions { NumberOfOrigins = _origins, Stride = search.Stride, RowsAfter = fold * _origins * stride }, _table))];
        if (!hasWindow)
            _options.WindowSize = HyperparameterSpaces.WindowOf(options.Horizon, _folds[^1].SeasonLength, _folds[^1].LongestTraining);
        _space = space ?? OwnSpace();
    }

    /// <summary>Searches.</summary>
    public ForecastSearchResult Run()
    {
        using var folder = new SearchFolder(_search.Folder) { NumberOfFolds = _folds.Length };
        var trials = new SearchTrials<LstmForecaster.Options>(_host, _options, _space, _search, folder);
        folder.Require(SearchIdentity.Of("forecast", trials.Seed, trials.TrainingSeed, _options, _space,
            ("Series", DataHash.Of(_table)),
            ("Origins", Invariant($"{_origins}, {_search.Stride ?? _options.Horizon} rows apart{Folds}"))));
        BacktestResult? validated = null;
        int latest = -1;
        var ladder = new RungLadder(_options.NumberOfEpochs);
        var run = new SearchRun(_host, _search, folder, ladder, trials.Has, trial => trials.Of(trial).Settings, (job, cancellation) =>
        {
            (double score, BacktestResult own) = Score(trials, folder, job, cancellation);
            (validated, latest) = (own, job.Trial);
            return score;
        });
        SearchEnd end = run.Run();
        SearchRung best = run.Best;
        // From its checkpoint, so that what was found in the folder is made again as well.
        if (validated is null || latest != best.Trial)
            validated = Validate(trials, folder.JobOf(best.Trial, best.Rung, best.Epochs) with { CheckpointPath = null }, 0, default);
        LstmForecastingTransformer? refitted = _search.Refit && end != SearchEnd.Cancelled
            ? Refit(OptionsOf(trials, best), folder.RefitCheckpointOf(best.Trial, best.Rung))
            : null;
        return new ForecastSearchResult(refitted ?? (LstmForecastingTransformer)validated.Models[0], run.Trials, best, end)
        {
            Options = OptionsOf(trials, best),
            Validation = validated,
            IsRefitted = refitted is not null,
        };
    }

    // The mean over the folds, the earliest first, and what the latest gave.
    private (double Score, BacktestResult Latest) Score(
        SearchTrials<LstmForecaster.Options> trials, SearchFolder folder, SearchJob job, CancellationToken cancellationToken)
    {
        double sum = 0;
        for (int fold = _folds.Length - 1; fold > 0; fold--)
        {
            SearchJob own = folder.JobOf(job.Trial, job.Rung, job.Epochs, fold);
            sum += _search.MetricOf(Validate(trials, own, fold, cancellationToken).Metrics);
            SearchFolder.Settle(own);
        }
        BacktestResult latest = Validate(trials, job, 0, cancellationToken);
        return ((sum + _search.MetricOf(latest.Metrics)) / _folds.Length, latest);
    }

    private BacktestResult Validate(
        SearchTrials<LstmForecaster.Options> trials, SearchJob job, int fold, CancellationToken cancellationToken) =>
        _folds[fold].Run(new LstmForecaster(_host, Single(trials.OptionsOf(job, cancellationToken))), cancellationToken);

    private string Folds => _folds.Length == 1 ? "" : Invariant($", in each of {_folds.Length} folds");

    // Logarithms are of positive values alone.
    private HyperparameterSpace<LstmForecaster.Options> OwnSpace()
    {
        HyperparameterSpace<LstmForecaster.Options> space =
            HyperparameterSpaces.OfForecaster(_options, _folds[^1].SeasonLength, _folds[^1].LongestTraining);
        IEnumerable<float[]> targets = _table.Series.SelectMany(series => series.Targets);
        bool isPositive = targets.All(values => Array.TrueForAll(values, value => value > 0 || !float.IsFinite(value)));
        return isPositive ? space : space.Remove("Logarithms");
    }

    // Where the learning rate stays the same, fewer epochs are the same training cut short; else it must pause.
    private LstmForecaster.Options OptionsOf(SearchTrials<LstmForecaster.Options> trials, SearchRung best)
    {
        LstmForecaster.Options options = trials.OptionsOf(best.Trial);
        int epochs = new RungLadder(_options.NumberOfEpochs).Epochs[best.Rung];
        if (options.Schedule is null)
            options.NumberOfEpochs = epochs;
        else
            options.PauseAfterEpochs = epochs;
        return options;
    }

    // Null where it was cancelled.
    private LstmForecastingTransformer? Refit(LstmForecaster.Options options, string checkpoint)
    {
        if (options.NumberOfModels == 1)
            (options.CheckpointPath, options.ResumeFrom) = (checkpoint, File.Exists(checkpoint) ? checkpoint : null);
        using var cancellation = new HostCancellation(_host, _search.CancellationToken);
        (options.CancellationToken, options.KeepWeightsOnCancellation) = (cancellation.Token, false);
        try
        {
            return new LstmForecaster(_host, options).Fit(_data);
        }
        catch (OperationCanceledException) when (cancellation.Token.IsCancellationRequested)
        {
            return null;
        }
    }

    // Of an ensemble one network is searched with, and all are trained in the end.
    private static LstmForecaster.Options Single(LstmForecaster.Options options)
    {
        var single = (LstmForecaster.Options)options.Copy();
        single.NumberOfModels = 1;
        return single;
    }
}
