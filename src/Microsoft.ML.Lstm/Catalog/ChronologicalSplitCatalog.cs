using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Validation;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML;

/// <summary>Splitting by time, in <c>mlContext.Data</c>.</summary>
public static class ChronologicalSplitCatalog
{
    /// <summary>
    /// Splits data in the order of time: the first rows to train on and the last to test on, so that no test row of a series is older than a training
    /// row (a random split would let a model see the future). Rows keep their order; the data is read once, to count its rows.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="data">The data, each series in the order of time; series may follow each other or be interleaved.</param>
    /// <param name="testFraction">Fraction of the rows of each series to test on, between 0 and 1; at least one row goes to either side.</param>
    /// <param name="timeColumnName">A column of times or numbers, checked never to go backwards within a series; null: the order is taken as given.</param>
    /// <param name="groupColumnName">
    /// A column whose values tell several series apart (text, a key, Boolean or a whole number): each is split, and one of a single row is trained on
    /// alone. Null: all rows are one series.
    /// </param>
    /// <param name="lookBack">
    /// Training rows before the test rows of each series that the test set has as well, so that the first test row can be forecast: the window length,
    /// or less. Windows of that length then have labels of test rows only. Default: 0.
    /// </param>
    /// <example>
    /// <code>
    /// var split = ml.Data.ChronologicalSplit(data, testFraction: 0.2, timeColumnName: "Day", groupColumnName: "Shop", lookBack: 28);
    /// var trained = ml.Transforms.WindowSequence("Window", ["Sales"], windowLength: 28, horizon: 7, labelColumnName: "Next", groupColumnName: "Shop")
    ///     .Append(ml.Regression.Trainers.LstmRegressor("Next", "Window")).Fit(split.TrainSet);
    /// </code>
    /// </example>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has two rows, or time goes backwards; names series, rows and both times.</exception>
    public static TrainTestData ChronologicalSplit(
        this DataOperationsCatalog catalog,
        IDataView data,
        double testFraction = 0.2,
        string? timeColumnName = null,
        string? groupColumnName = null,
        int lookBack = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        Guard.RequireArgument(testFraction is > 0 and < 1, nameof(testFraction), testFraction, "a value between 0 and 1");
        Guard.RequireArgument(lookBack >= 0, nameof(lookBack), lookBack, "0 or more rows");
        IReadOnlyList<long> rows = TimeColumn.CheckOrder(catalog.GetEnvironment(), data, timeColumnName, groupColumnName);
        if (!rows.Any(r => r > 1))
            throw new InvalidOperationException(Invariant(
                $"{(groupColumnName is null ? "The data" : "The longest series")} has {Plural.Of(rows.Count == 0 ? 0 : rows.Max(), "row")}; expected at least 2 to split."));
        return SeriesFold.AtEnd(rows, testFraction, lookBack).Of(data, groupColumnName);
    }

    /// <summary>
    /// Splits data for rolling-origin validation (time series cross-validation) of any estimator: each fold tests on some rows and trains on those
    /// before them, the last fold on the last rows. Unlike the random folds of <c>CrossValidate</c>, no fold trains on the future of its test rows.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="data">The data, each series in the order of time.</param>
    /// <param name="numberOfFolds">Number of folds, 1 or more; the first is the earliest.</param>
    /// <param name="testRows">Rows of each series that a fold tests on; null: as many as let the first fold train on as many, rows / (folds + 1).</param>
    /// <param name="maximumTrainRows">Most rows of each series to train on, the latest: a window that slides. Null: all rows before, which expands.</param>
    /// <param name="gap">Rows of each series left out between training and test: horizon − 1 where labels are forecasts made in the last training row. Default: 0.</param>
    /// <param name="lookBack">Rows before the test rows that the test set has as well, for its windows to look back on: the window length, or less. Default: 0.</param>
    /// <param name="timeColumnName">A column of times or numbers, checked never to go backwards within a series; null: the order is taken as given.</param>
    /// <param name="groupColumnName">A column whose values tell several series apart: folds are cut of each, and those too short for a fold are not in it. Null: all rows are one series.</param>
    /// <example>
    /// <code>
    /// double[] errors = [.. ml.Data.RollingOriginSplit(data, numberOfFolds: 5, testRows: 12, lookBack: 36).Select(fold =>
    ///     ml.Regression.Evaluate(pipeline.Fit(fold.TrainSet).Transform(fold.TestSet), "Next").RootMeanSquaredError)];
    /// </code>
    /// </example>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough, or time goes backwards; names series, rows and both times.</exception>
    public static IReadOnlyList<TrainTestData> RollingOriginSplit(
        this DataOperationsCatalog catalog,
        IDataView data,
        int numberOfFolds = 5,
        int? testRows = null,
        int? maximumTrainRows = null,
        int gap = 0,
        int lookBack = 0,
        string? timeColumnName = null,
        string? groupColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Guard.RequireArgument(numberOfFolds > 0, nameof(numberOfFolds), numberOfFolds, "1 or more");
        Guard.RequireArgument(testRows is null or > 0, nameof(testRows), testRows, "1 or more, or null");
        Guard.RequireArgument(maximumTrainRows is null or > 0, nameof(maximumTrainRows), maximumTrainRows, "1 or more, or null for all");
        Guard.RequireArgument(gap >= 0, nameof(gap), gap, "0 or more rows");
        Guard.RequireArgument(lookBack >= 0, nameof(lookBack), lookBack, "0 or more rows");
        IReadOnlyList<long> rows = TimeColumn.CheckOrder(catalog.GetEnvironment(), data, timeColumnName, groupColumnName);
        return [.. Enumerable.Range(0, numberOfFolds).Select(fold => SeriesFold.Rolling(rows, numberOfFolds, fold, testRows, maximumTrainRows, gap, lookBack)
            .Of(data, groupColumnName))];
    }
}
