using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Search;

public sealed class SearchForecastTests
{
    // Fixed and irregular, so that a few values do not tell where in the season they are.
    private static readonly float[] s_season = [3, 9, 1, 8, 2, 9, 9, 1, 7, 1, 2, 8];
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Search_WindowShorterThanTheSeason_FindsOneThatIsBetterOnRowsNeverSeen()
    {
        Row[] rows = Rows(260);
        IDataView known = Load(rows[..220]), all = Load(rows);
        LstmForecaster.Options given = Options();

        ForecastSearchResult result =
            _ml.Forecasting.SearchForecastByLstm(known, given, new ForecastSearchOptions { NumberOfTrials = 8, Seed = 3 });

        double first = result.Trials.Last(rung => rung.Trial == 0).Score;
        Assert.Equal(SearchEnd.Completed, result.End);
        Assert.True(result.Best.Score < 0.7 * first, $"{result.Best.Score} against {first}");
        Assert.Equal(result.Best.Score, result.Validation.Metrics.Errors.MeanAbsoluteScaledError);
        Assert.True(result.Options.WindowSize > 3, $"{result.Options.WindowSize}");
        double found = Error(result.Model, all), before = Error(_ml.Forecasting.ForecastByLstm(given).Fit(known), all);
        Assert.True(found < 0.7 * before, $"{found} against {before} on the rows after");
        Assert.Contains("Ridge", result.Validation.Metrics.Baselines.Keys);
    }

    [Fact]
    public void Search_SameSeedAndTrials_GivesTheSameBitsAsItsOptionsFitted()
    {
        IDataView data = Load(Rows(160));
        ForecastSearchOptions search = new() { NumberOfTrials = 4, Seed = 5 };

        ForecastSearchResult first = _ml.Forecasting.SearchForecastByLstm(data, Options(), search, Small()),
            second = _ml.Forecasting.SearchForecastByLstm(data, Options(), search, Small());

        Assert.Equal(first.Trials.Select(rung => (rung.Trial, rung.Rung, rung.Epochs, rung.Score, rung.Settings)),
            second.Trials.Select(rung => (rung.Trial, rung.Rung, rung.Epochs, rung.Score, rung.Settings)));
        Assert.Equal(first.Model.Model.Fingerprint, second.Model.Model.Fingerprint);
        Assert.Equal(first.Model.Model.Fingerprint, _ml.Forecasting.ForecastByLstm(first.Options).Fit(data).Model.Fingerprint);
        Assert.True(first.IsRefitted);
    }

    [Theory]
    [InlineData(3, false, 1)]
    [InlineData(2, true, 1)]
    [InlineData(2, true, 2)]
    public void Search_KilledAndResumed_IsTheSearchUninterrupted(int trainings, bool inTheMiddle, int folds)
    {
        IDataView data = Load(Rows(160));
        using var folder = new TemporaryFolder();
        ForecastSearchResult whole =
            _ml.Forecasting.SearchForecastByLstm(data, Options(),
                new ForecastSearchOptions { NumberOfTrials = 4, Seed = 5, NumberOfFolds = folds }, Small());
        LstmForecaster.Options killed = Options();
        int done = 0, trained = 0, begun = 0;
        killed.EpochDone = _ => Kill(inTheMiddle && done == trainings && ++begun == 2);

        Assert.Throws<TimeoutException>(() => _ml.Forecasting.SearchForecastByLstm(data, killed, new ForecastSearchOptions
        {
            NumberOfTrials = 4, Seed = 5, Folder = folder.Path, NumberOfFolds = folds,
            TrialDone = _ => Kill(++done == trainings && !inTheMiddle),
        }, Small()));
        LstmForecaster.Options counted = Options();
        // The second training of a model, on all rows, has no checkpoint.
        counted.EpochDone = epoch => trained += epoch.ValidationLoss is null ? 0 : 1;
        var resuming = new ForecastSearchOptions { NumberOfTrials = 4, Folder = folder.Path, NumberOfFolds = folds };
        ForecastSearchResult resumed = _ml.Forecasting.SearchForecastByLstm(data, counted, resuming, Small());
        int before = trained;
        ForecastSearchResult again = _ml.Forecasting.SearchForecastByLstm(data, counted, resuming, Small());

        Assert.Equal(whole.Trials.Select(rung => (rung.Trial, rung.Rung, rung.Epochs, rung.Score)),
            resumed.Trials.Select(rung => (rung.Trial, rung.Rung, rung.Epochs, rung.Score)));
        Assert.Equal(whole.Model.Model.Fingerprint, resumed.Model.Model.Fingerprint);
        Assert.Equal(whole.Model.Model.Fingerprint, again.Model.Model.Fingerprint);
        Assert.True(before > 0);
        Assert.Equal(before, trained);

        static void Kill(bool now)
        {
            if (now)
                throw new TimeoutException();
        }
    }

    [Fact]
    public void Search_SeveralFolds_ScoresTheMeanOfSearchesThatEndEarlier()
    {
        Row[] rows = Rows(160);
        ForecastSearchResult both = Search(rows, folds: 2), late = Search(rows, folds: 1), early = Search(rows[..^8], folds: 1);

        Assert.Equal((late.Best.Score + early.Best.Score) / 2, both.Best.Score, 1e-12);
        Assert.NotEqual(late.Best.Score, early.Best.Score);
        Assert.Equal(late.Model.Model.Fingerprint, both.Model.Model.Fingerprint);
        Assert.Equal(late.Validation.Metrics.Errors.MeanAbsoluteError, both.Validation.Metrics.Errors.MeanAbsoluteError);

        ForecastSearchResult Search(Row[] some, int folds) => _ml.Forecasting.SearchForecastByLstm(Load(some), Options(),
            new ForecastSearchOptions { NumberOfTrials = 1, Seed = 1, NumberOfOrigins = 2, NumberOfFolds = folds, Refit = false }, Small());
    }

    [Theory]
    [InlineData(0, "NumberOfFolds is 0; expected 1 to 100.")]
    [InlineData(50, "NumberOfFolds is 50; expected fewer: 2 origins 4 rows apart in each are more than the 160 rows of the longest series")]
    public void Search_FoldsOutOfTheirRange_AreNamed(int folds, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Forecasting.SearchForecastByLstm(
            Load(Rows(160)), Options(), new ForecastSearchOptions { NumberOfOrigins = 2, NumberOfFolds = folds }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_Cancelled_KeepsTheBestSoFar()
    {
        using var cancel = new CancellationTokenSource();
        IDataView data = Load(Rows(160));

        ForecastSearchResult result = _ml.Forecasting.SearchForecastByLstm(data, Options(), new ForecastSearchOptions
        {
            NumberOfTrials = 100, Seed = 5, CancellationToken = cancel.Token, TrialDone = progress => Cancel(progress.TrialsBegun == 3),
        }, Small());

        Assert.Equal(SearchEnd.Cancelled, result.End);
        Assert.False(result.IsRefitted);
        Assert.Equal(result.Trials.GroupBy(rung => rung.Trial).Min(rungs => rungs.Last().Score), result.Best.Score);
        Assert.Equal(result.Best.Score, result.Validation.Metrics.Errors.MeanAbsoluteScaledError);
        Assert.Throws<OperationCanceledException>(() =>
            _ml.Forecasting.SearchForecastByLstm(data, Options(), new ForecastSearchOptions { CancellationToken = cancel.Token }));

        void Cancel(bool now)
        {
            if (now)
                cancel.Cancel();
        }
    }

    [Fact]
    public void Search_TimeIsUp_IsTheBeginningOfTheSearchByTrials()
    {
        IDataView data = Load(Rows(160));
        var clock = new HandClock();
        ForecastSearchResult whole =
            _ml.Forecasting.SearchForecastByLstm(data, Options(), new ForecastSearchOptions { NumberOfTrials = 4, Seed = 5 }, Small());

        ForecastSearchResult cut = _ml.Forecasting.SearchForecastByLstm(data, Options(), new ForecastSearchOptions
        {
            TimeLimit = TimeSpan.FromMinutes(5), Seed = 5, Clock = clock, TrialDone = _ => clock.Advance(TimeSpan.FromMinutes(1)),
        }, Small());

        Assert.Equal(SearchEnd.TimeLimit, cut.End);
        Assert.Equal(whole.Trials.Take(5).Select(rung => (rung.Trial, rung.Rung, rung.Score)),
            cut.Trials.Select(rung => (rung.Trial, rung.Rung, rung.Score)));
        Assert.True(cut.IsRefitted);
    }

    [Fact]
    public void Search_FolderOfAnotherSearch_IsRefusedByWhatDiffers()
    {
        using var folder = new TemporaryFolder();
        IDataView data = Load(Rows(160));
        Search(data, Options(), seed: 5);

        Assert.Contains("its Seed is 5; expected 6", Refusal(data, Options(), seed: 6));
        Assert.Contains("its option Horizon is 4; expected 5", Refusal(data, Options(horizon: 5), seed: 5));
        Assert.Contains("its Series is ", Refusal(Load(Rows(161)), Options(), seed: 5));
        Assert.Contains("its option Loss is ", Refusal(data, Options(loss: LossKind.MeanAbsoluteError), seed: 5));

        string Refusal(IDataView rows, LstmForecaster.Options options, int seed) =>
            Assert.Throws<InvalidDataException>(() => Search(rows, options, seed)).Message;

        void Search(IDataView rows, LstmForecaster.Options options, int seed) =>
            _ml.Forecasting.SearchForecastByLstm(rows, options,
                new ForecastSearchOptions { NumberOfTrials = 1, Seed = seed, NumberOfOrigins = 4, Folder = folder.Path, Refit = false });
    }

    [Fact]
    public void Search_WithoutAWindow_BeginsWithOneOfThreeSeasons()
    {
        LstmForecaster.Options options = Options();
        (options.WindowSize, options.NumberOfEpochs) = (0, 1);

        ForecastSearchResult result =
            _ml.Forecasting.SearchForecastByLstm(Load(Rows(160)), options, new ForecastSearchOptions { NumberOfTrials = 1 });

        Assert.Equal(36, result.Options.WindowSize);
        Assert.Equal(0, options.WindowSize);
    }

    [Fact]
    public void ToDataView_OfAResult_HasARowForEachTraining()
    {
        LstmForecaster.Options options = Options();
        options.NumberOfEpochs = 3;
        HyperparameterSpace<LstmForecaster.Options> space = new HyperparameterSpace<LstmForecaster.Options>()
            .Add("WindowSize", [12, 24], (own, window) => own.WindowSize = window);

        ForecastSearchResult result =
            _ml.Forecasting.SearchForecastByLstm(Load(Rows(160)), options,
            new ForecastSearchOptions { NumberOfTrials = 10, Seed = 1, Refit = false }, space);

        IDataView trials = result.ToDataView();
        Assert.Equal([0, 0, 1, 2, result.Trials[^1].Trial], trials.GetColumn<int>("Trial"));
        Assert.Equal([1, 3, 1, 1, 3], trials.GetColumn<int>("Epochs"));
        Assert.Equal(["WindowSize 12", "WindowSize 24", "as given"], trials.GetColumn<string>("Settings").Distinct()
            .Order(StringComparer.Ordinal));
        Assert.Equal(result.Trials.Select(rung => rung.Score), trials.GetColumn<double>("Score"));
        Assert.Null(trials.Schema.GetColumnOrNull("Values"));
    }

    private double Error(LstmForecastingTransformer model, IDataView data) =>
        _ml.Forecasting.EvaluateForecast(_ml.Data.SkipRows(model.Transform(data), 219), "Value", seasonLength: 12)
            .Errors.MeanAbsoluteError;

    // Small networks, which are enough where it is not about how good they are.
    private static HyperparameterSpace<LstmForecaster.Options> Small() => new HyperparameterSpace<LstmForecaster.Options>()
        .Add("WindowSize", [6, 12, 24], (own, window) => own.WindowSize = window)
        .Add("Cell", [CellKind.Lstm, CellKind.Gru], (own, cell) => own.Cell = cell)
        .Add<int[]>("HiddenSizes", [[4], [6], [4, 4]], (own, sizes) => own.HiddenSizes = sizes)
        .Add("LearningRate", [0.002f, 0.005f, 0.01f], (own, rate) => own.LearningRate = rate);

    private static LstmForecaster.Options Options(int horizon = 4, LossKind loss = LossKind.MeanSquaredError) => new()
    {
        Loss = new LossSpec { Kind = loss },
        InputColumnNames = ["Value"], WindowSize = 3, Horizon = horizon, HiddenSizes = [8], NumberOfEpochs = 9, SeasonLength = 12,
            LearningRate = 0.005f,
    };

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] Rows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i => new Row { Value = s_season[i % 12] + random.NextSingle() })];
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
