using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Search;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Searches for hyperparameters: in <c>mlContext.Forecasting</c> for a forecaster, in <c>mlContext</c> for any
/// trainer.</summary>
public static class SearchCatalog
{
    /// <summary>
    /// Searches for the settings of a forecaster: window, segments, layers, cell, learning rate, dropout, scaling, calendar. Each trial
    /// is trained on the rows before the last of each series and forecasts those; the better third is trained further (successive
    /// halving). The options as they were given are the first trial and are trained to the end, so that what is found is never worse on
    /// the rows that validate. Same seed and number of trials: the same model to the bit.
    /// </summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The series: all rows with all columns, each series in the order of time.</param>
    /// <param name="options">Columns, horizon, and all that is not varied. A <c>WindowSize</c> of 0 begins with one that the season
    /// says.</param>
    /// <param name="search">How long, where it is kept, what is minimised. Null: 20 trials.</param>
    /// <param name="space">What is varied. Null: what <see cref="HyperparameterSpaces.OfForecaster"/> says.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough, what <c>Fit</c> refuses, or all trials
    /// diverged.</exception>
    /// <exception cref="InvalidDataException">The folder holds another search; names what differs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was found.</exception>
    /// <example>
    /// <code>
    /// var options = new LstmForecaster.Options { InputColumnNames = ["Value"], Horizon = 12, NumberOfEpochs = 3 };
    /// var search = new ForecastSearchOptions { NumberOfTrials = 4, Seed = 1, Folder = "search" };
    /// ForecastSearchResult result = ml.Forecasting.SearchForecastByLstm(data, options, search);
    /// Console.WriteLine(result);                       // the best trial, its score and settings
    /// Console.WriteLine(result.Validation.Metrics);    // beside persistence, season, Naive2 and a linear regression
    /// IDataView forecasts = result.Model.Transform(data);
    /// </code>
    /// </example>
    public static ForecastSearchResult SearchForecastByLstm(
        this ForecastingCatalog catalog, IDataView data, LstmForecaster.Options options, ForecastSearchOptions? search = null,
        HyperparameterSpace<LstmForecaster.Options>? space = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return new ForecastSearch(catalog.GetEnvironment(), data, options, search ?? new ForecastSearchOptions(), space).Run();
    }

    /// <summary>
    /// Searches for the settings of any estimator with one of this package's trainers in it. Each trial is trained on some rows and
    /// scored on others; the better third is trained further (successive halving). The options as they were given are the first trial and
    /// are trained to the end. The model is the one that was scored: rows that validate are never trained on.
    /// </summary>
    /// <typeparam name="TOptions">The options of the trainer.</typeparam>
    /// <typeparam name="TModel">What the estimator becomes.</typeparam>
    /// <param name="mlContext">The context.</param>
    /// <param name="trainData">What to train on; of series <c>Data.ChronologicalSplit</c>'s <c>TrainSet</c>.</param>
    /// <param name="validationData">What to score on; of series its <c>TestSet</c>, with rows to look back on.</param>
    /// <param name="options">Columns, and all that is not varied.</param>
    /// <param name="estimator">Makes the estimator from the options of a trial, which it must use: alone, or at the end of a
    /// pipeline.</param>
    /// <param name="score">What is minimised, of <paramref name="validationData"/> with its predictions: an error, or an accuracy's
    /// negative.</param>
    /// <param name="search">How long, where it is kept. Null: 20 trials.</param>
    /// <param name="space">What is varied. Null: what <see cref="HyperparameterSpaces.OfNetwork"/> says.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">What <c>Fit</c> refuses, the estimator does not use its options, a score is not
    /// finite, or all trials diverged.</exception>
    /// <exception cref="InvalidDataException">The folder holds another search; names what differs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was found.</exception>
    /// <example>
    /// <code>
    /// var result = ml.SearchHyperparameters(
    ///     trainData, testData, new LstmRegressor.Options { NumberOfEpochs = 3 },
    ///     options =&gt; ml.Regression.Trainers.LstmRegressor(options),
    ///     predictions =&gt; ml.Regression.Evaluate(predictions).RootMeanSquaredError,
    ///     new SearchOptions { NumberOfTrials = 4, Seed = 1 });
    /// LstmRegressionTransformer best = result.Model;
    /// </code>
    /// </example>
    [SuppressMessage("ApiDesign", "RS0027", Justification = "The overloads differ in how many arguments the estimator's function takes, so a call is never ambiguous.")]
    public static SearchResult<TModel> SearchHyperparameters<TOptions, TModel>(
        this MLContext mlContext, IDataView trainData, IDataView validationData, TOptions options,
        Func<TOptions, IEstimator<TModel>> estimator, Func<IDataView, double> score,
        SearchOptions? search = null, HyperparameterSpace<TOptions>? space = null)
        where TOptions : RecurrentNetworkOptions
        where TModel : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return Search(mlContext, [Fold(trainData, validationData)], options, (own, _) => estimator(own), score, search, space);
    }

    /// <summary>The same, for hyperparameters that the trainer's options have no place for, such as the length of windows.</summary>
    /// <inheritdoc cref="SearchHyperparameters{TOptions, TModel}(MLContext, IDataView, IDataView, TOptions, Func{TOptions,
    /// IEstimator{TModel}}, Func{IDataView, double}, SearchOptions?, HyperparameterSpace{TOptions}?)"/>
    /// <example>
    /// <code>
    /// var space = HyperparameterSpaces.OfNetwork&lt;LstmRegressor.Options&gt;().Add("Window", [12, 24]);
    /// var split = ml.Data.ChronologicalSplit(data, lookBack: 24);
    /// var given = new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 3 };
    /// var found = ml.SearchHyperparameters(
    ///     split.TrainSet, split.TestSet, given,
    ///     (options, trial) =&gt; ml.Transforms
    ///         .WindowSequence("Window", ["Value"], windowLength: trial.Get&lt;int&gt;("Window"), horizon: 1, labelColumnName: "Next")
    ///         .Append(ml.Regression.Trainers.LstmRegressor(options)),
    ///     predictions =&gt; ml.Regression.Evaluate(predictions, "Next").RootMeanSquaredError,
    ///     new SearchOptions { NumberOfTrials = 3, Seed = 1 }, space);
    /// </code>
    /// </example>
    public static SearchResult<TModel> SearchHyperparameters<TOptions, TModel>(
        this MLContext mlContext, IDataView trainData, IDataView validationData, TOptions options,
        Func<TOptions, SearchTrial, IEstimator<TModel>> estimator, Func<IDataView, double> score,
        SearchOptions search, HyperparameterSpace<TOptions> space)
        where TOptions : RecurrentNetworkOptions
        where TModel : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(space);
        return Search(mlContext, [Fold(trainData, validationData)], options, estimator, score, search, space);
    }

    /// <summary>
    /// The same on several folds, such as <c>Data.RollingOriginSplit</c> gives of a series: each trial is trained anew for each, and its
    /// score is the mean over them. The model is that of the last fold.
    /// </summary>
    /// <inheritdoc cref="SearchHyperparameters{TOptions, TModel}(MLContext, IDataView, IDataView, TOptions, Func{TOptions,
    /// IEstimator{TModel}}, Func{IDataView, double}, SearchOptions?, HyperparameterSpace{TOptions}?)"
    /// path="/*[not(self::summary) and not(self::param) and not(self::example)]"/>
    /// <param name="mlContext">The context.</param>
    /// <param name="folds">What to train and score on, the latest last.</param>
    /// <param name="options">Columns, and all that is not varied.</param>
    /// <param name="estimator">Makes the estimator from the options of a trial, which it must use, and from the trial.</param>
    /// <param name="score">What is minimised, of the rows to score on with their predictions.</param>
    /// <param name="search">How long, where it is kept.</param>
    /// <param name="space">What is varied.</param>
    /// <example>
    /// <code>
    /// var folds = ml.Data.RollingOriginSplit(data, numberOfFolds: 3, testRows: 24, lookBack: 24);
    /// var found = ml.SearchHyperparameters(
    ///     folds, new LstmRegressor.Options { LabelColumnName = "Next", FeatureColumnName = "Window", NumberOfEpochs = 3 },
    ///     (options, trial) =&gt; ml.Transforms
    ///         .WindowSequence("Window", ["Value"], windowLength: 24, horizon: 1, labelColumnName: "Next")
    ///         .Append(ml.Regression.Trainers.LstmRegressor(options)),
    ///     predictions =&gt; ml.Regression.Evaluate(predictions, "Next").RootMeanSquaredError,
    ///     new SearchOptions { NumberOfTrials = 3, Seed = 1 }, HyperparameterSpaces.OfNetwork&lt;LstmRegressor.Options&gt;());
    /// </code>
    /// </example>
    public static SearchResult<TModel> SearchHyperparameters<TOptions, TModel>(
        this MLContext mlContext, IReadOnlyList<TrainTestData> folds, TOptions options,
        Func<TOptions, SearchTrial, IEstimator<TModel>> estimator, Func<IDataView, double> score,
        SearchOptions search, HyperparameterSpace<TOptions> space)
        where TOptions : RecurrentNetworkOptions
        where TModel : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(space);
        Guard.RequireArgument(folds.Count > 0, nameof(folds), "empty", "one fold or more");
        return Search(mlContext, folds, options, estimator, score, search, space);
    }

    private static TrainTestData Fold(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        return DataSplits.Create(trainData, validationData);
    }

    private static SearchResult<TModel> Search<TOptions, TModel>(
        MLContext mlContext, IReadOnlyList<TrainTestData> folds, TOptions options,
        Func<TOptions, SearchTrial, IEstimator<TModel>> estimator, Func<IDataView, double> score,
        SearchOptions? search, HyperparameterSpace<TOptions>? space)
        where TOptions : RecurrentNetworkOptions
        where TModel : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(score);
        var running = new EstimatorSearch<TOptions, TModel>(
            mlContext, folds, options, estimator, score, search ?? new SearchOptions(), space);
        return running.Run();
    }
}
