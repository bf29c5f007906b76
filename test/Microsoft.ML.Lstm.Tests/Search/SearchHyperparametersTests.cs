using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Tests.Search;

public sealed class SearchHyperparametersTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Search_Regressor_IsNoWorseThanTheOptionsGivenAndScoresWhatItSays()
    {
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(80)),
            test = _ml.Data.LoadFromEnumerable(Series.Examples(40, seed: 2));
        double Score(IDataView predictions) => _ml.Regression.Evaluate(predictions).RootMeanSquaredError;

        SearchResult<LstmRegressionTransformer> result = _ml.SearchHyperparameters(
            train, test, new LstmRegressor.Options { HiddenSizes = [2], NumberOfEpochs = 9, LearningRate = 0.0005f },
                _ml.Regression.Trainers.LstmRegressor, Score, new SearchOptions { NumberOfTrials = 5, Seed = 2 },
            HyperparameterSpaces.OfNetwork<LstmRegressor.Options>()
                .Add<int[]>("HiddenSizes", [[4], [8], [4, 4]], (options, sizes) => options.HiddenSizes = sizes));

        Assert.True(result.Best.Score < result.Trials.Last(rung => rung.Trial == 0).Score);
        Assert.Equal(result.Best.Score, Score(result.Model.Transform(test)));
        Assert.Equal(["Cell", "HiddenSizes", "LearningRate", "Dropout"], result.Best.Values.Keys);
    }

    [Fact]
    public void Search_TheFirstTrial_IsTheOptionsGivenTrainedAtOnce()
    {
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(60)),
            test = _ml.Data.LoadFromEnumerable(Series.Examples(40, seed: 2));
        var options = new LstmRegressor.Options { HiddenSizes = [4], NumberOfEpochs = 9, Seed = 3,
            Schedule = LearningRateSchedule.Cosine(0.01f) };
        double Score(IDataView predictions) => _ml.Regression.Evaluate(predictions).RootMeanSquaredError;

        SearchResult<LstmRegressionTransformer> result =
            _ml.SearchHyperparameters(train, test, options, _ml.Regression.Trainers.LstmRegressor, Score,
            new SearchOptions { NumberOfTrials = 1 });

        Assert.Equal([1, 3, 9], result.Trials.Select(rung => rung.Epochs));
        Assert.Equal(_ml.Regression.Trainers.LstmRegressor(options).Fit(train).Transform(test).GetColumn<float>("Score"),
            result.Model.Transform(test).GetColumn<float>("Score"));
    }

    [Fact]
    public void Search_PipelineWithWindows_TriesTheirLengths()
    {
        TrainTestData split = _ml.Data.ChronologicalSplit(_ml.Data.LoadFromEnumerable(Series.Wave(120)), lookBack: 12);
        HyperparameterSpace<LstmRegressor.Options> space = new HyperparameterSpace<LstmRegressor.Options>().Add("Window", [1, 12]);
        var asked = new List<int>();

        SearchResult<TransformerChain<LstmRegressionTransformer>> result = _ml.SearchHyperparameters(
            split.TrainSet, split.TestSet,
                new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", HiddenSizes = [6],
                NumberOfEpochs = 3, LearningRate = 0.02f },
            (options, trial) =>
            {
                asked.Add(trial.Get<int>("Window"));
                return _ml.Transforms.WindowSequence("Window", ["Value"], windowLength: asked[^1], horizon: 1, labelColumnName: "Next")
                    .Append(_ml.Regression.Trainers.LstmRegressor(options));
            },
            predictions => _ml.Regression.Evaluate(predictions, "Next").RootMeanSquaredError,
                new SearchOptions { NumberOfTrials = 9, Seed = 1 }, space);

        Assert.Equal([1, 12], asked.Distinct().Order());
        Assert.Equal("12", result.Best.Values["Window"]);
        Assert.Equal("Window 1", result.Trials[0].Settings);
    }

    [Fact]
    public void Search_SeveralFolds_ScoresTheirMeanAndGivesTheModelOfTheLast()
    {
        IReadOnlyList<TrainTestData> folds = _ml.Data.RollingOriginSplit(
            _ml.Data.LoadFromEnumerable(Series.Wave(120)), numberOfFolds: 3, testRows: 12, lookBack: 12);

        SearchResult<TransformerChain<LstmRegressionTransformer>> result = Search(folds);

        SearchResult<TransformerChain<LstmRegressionTransformer>>[] each = [.. folds.Select(fold => Search([fold]))];
        Assert.Equal(each.Average(one => one.Best.Score), result.Best.Score, 1e-9);
        Assert.Equal(Scores(each[2].Model), Scores(result.Model));
        Assert.Throws<ArgumentOutOfRangeException>(() => Search([]));

        IEnumerable<float> Scores(ITransformer model) => model.Transform(folds[2].TestSet).GetColumn<float>("Score");

        SearchResult<TransformerChain<LstmRegressionTransformer>> Search(IReadOnlyList<TrainTestData> some) => _ml.SearchHyperparameters(
            some,
            new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", HiddenSizes = [4], NumberOfEpochs = 3 },
            (options, _) => _ml.Transforms.WindowSequence("Window", ["Value"], windowLength: 12, horizon: 1, labelColumnName: "Next")
                .Append(_ml.Regression.Trainers.LstmRegressor(options)),
            predictions => _ml.Regression.Evaluate(predictions, "Next").RootMeanSquaredError,
            new SearchOptions { NumberOfTrials = 1, Seed = 1 }, new HyperparameterSpace<LstmRegressor.Options>());
    }

    [Fact]
    public void Search_ClassifierInAFolder_IsResumedWithMoreTrials()
    {
        using var folder = new TemporaryFolder();
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(60)),
            test = _ml.Data.LoadFromEnumerable(Series.Examples(40, seed: 2));
        int trained = 0;
        SearchResult<LstmBinaryClassificationTransformer> Search(int trials, string? path)
        {
            IEstimator<LstmBinaryClassificationTransformer> Estimator(LstmBinaryClassifier.Options options) =>
                _ml.BinaryClassification.Trainers.LstmBinaryClassifier(options);
            IDataView Positive(IDataView rows) =>
                _ml.Transforms.CustomMapping<Example, Outcome>((row, outcome) => outcome.IsHigh = row.Label > 100, null).Fit(rows)
                .Transform(rows);
            return _ml.SearchHyperparameters(
                Positive(train), Positive(test),
                    new LstmBinaryClassifier.Options { LabelColumnName = "IsHigh", HiddenSizes = [4], NumberOfEpochs = 3,
                    EpochDone = _ => trained++ }, Estimator,
                predictions => _ml.BinaryClassification.Evaluate(predictions, "IsHigh").LogLoss,
                    new SearchOptions { NumberOfTrials = trials, Seed = 4, Folder = path });
        }
        SearchResult<LstmBinaryClassificationTransformer> whole = Search(5, null);
        int all = trained;

        trained = 0;
        _ = Search(3, folder.Path);
        int before = trained;
        SearchResult<LstmBinaryClassificationTransformer> more = Search(5, folder.Path);

        Assert.Equal(whole.Best.ToString(), more.Best.ToString());
        Assert.Equal(whole.Model.Transform(test).GetColumn<float>("Score"), more.Model.Transform(test).GetColumn<float>("Score"));
        Assert.True(trained - before <= all - 5, $"{trained - before} epochs more of {all}");
    }

    [Fact]
    public void Search_EstimatorWithoutItsOptions_IsRefused()
    {
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(30));

        var refused = Assert.Throws<InvalidOperationException>(() => _ml.SearchHyperparameters(
            train, train, new LstmRegressor.Options { NumberOfEpochs = 1 }, _ =>
                _ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { NumberOfEpochs = 1 }), _ => 0));

        Assert.Contains("Trial 0 was fitted and wrote no checkpoint; expected an estimator that is made from the options that it is given.", refused.Message);
    }

    [Fact]
    public void Search_TrialsThatDiverge_AreNeverTheBest()
    {
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(30));
        HyperparameterSpace<LstmRegressor.Options> Rates(params float[] rates) =>
            new HyperparameterSpace<LstmRegressor.Options>().Add("Rate", rates, (options, rate) => options.LearningRate = rate);
        SearchResult<LstmRegressionTransformer> Search(HyperparameterSpace<LstmRegressor.Options> space) => _ml.SearchHyperparameters(
            train, train, new LstmRegressor.Options { HiddenSizes = [4], NumberOfEpochs = 2, LearningRate = 1e30f },
            _ml.Regression.Trainers.LstmRegressor, predictions => _ml.Regression.Evaluate(predictions).RootMeanSquaredError,
            new SearchOptions { NumberOfTrials = 5, Seed = 1 }, space);

        SearchResult<LstmRegressionTransformer> result = Search(Rates(1e29f, 0.001f));
        string message = Assert.Throws<InvalidOperationException>(() => Search(Rates(1e29f, 1e28f))).Message;

        Assert.Equal("0.001", result.Best.Values["Rate"]);
        Assert.Equal(2, result.Trials.Count(rung => double.IsPositiveInfinity(rung.Score)));
        Assert.StartsWith("All 3 trainings diverged; expected one whose loss stays finite.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_OptionsThatTheSearchSays_AreRefusedByName()
    {
        IDataView train = _ml.Data.LoadFromEnumerable(Series.Examples(30));
        string Refusal(Action<LstmRegressor.Options> change, Action<SearchOptions>? changeSearch = null)
        {
            var options = new LstmRegressor.Options { NumberOfEpochs = 1 };
            var search = new SearchOptions { NumberOfTrials = 1 };
            change(options);
            changeSearch?.Invoke(search);
            return Assert.ThrowsAny<ArgumentException>(() =>
                _ml.SearchHyperparameters(train, train, options, _ml.Regression.Trainers.LstmRegressor, _ => 0, search)).Message;
        }

        Assert.Contains("CheckpointPath is x; expected null", Refusal(options => options.CheckpointPath = "x"));
        Assert.Contains("ResumeFrom is x; expected null", Refusal(options => options.ResumeFrom = "x"));
        Assert.Contains("NumberOfEpochs is 0; expected 1 or more", Refusal(options => options.NumberOfEpochs = 0));
        Assert.Contains("NumberOfTrials is 0; expected 1 to 100000, or null", Refusal(_ => { }, search => search.NumberOfTrials = 0));
        Assert.Contains("TimeLimit is 00:00:00; expected more than 0", Refusal(_ => { }, search => search.TimeLimit = TimeSpan.Zero));
        Assert.Contains("Folder is empty; expected", Refusal(_ => { }, search => search.Folder = ""));
    }

    private sealed class Outcome
    {
        public bool IsHigh { get; set; }
    }
}
