using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML;

/// <summary>Comparing forecasts with what came, in <c>mlContext.Forecasting</c>.</summary>
public static class ForecastEvaluationCatalog
{
    /// <summary>
    /// Compares the forecast in each row with the values of the rows that follow it in its series, and with forecasts that need no learning: persistence, the season
    /// before, Naive2 and, where training data is given, a linear regression. Every row counts whose forecast is there and whose whole horizon is in the data.
    /// </summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="predictions">Rows in the order of time, scored by a forecaster. Rows of several series may alternate or follow one another.</param>
    /// <param name="labelColumnName">
    /// The series itself: <c>Single</c>, one value in each row; NaN is a missing value, which is not compared. Or the values forecast, <c>Vector&lt;Single, H&gt;</c> in each row, as
    /// <c>WindowSequence</c> makes the label of a regressor: then each row is compared by itself, and the baselines forecast from its window.
    /// </param>
    /// <param name="forecastColumnName">The forecast of the next values: <c>Vector&lt;Single, H&gt;</c>, or <c>Single</c> for H = 1.</param>
    /// <param name="groupColumnName">Tells series apart; null: all rows are one series.</param>
    /// <param name="lowerBoundColumnName">Lower bounds of intervals, of the forecast's type; null: there are none.</param>
    /// <param name="upperBoundColumnName">Upper bounds of intervals; null exactly when there are no lower ones.</param>
    /// <param name="confidenceLevel">Share of the values that the intervals are to cover. Range: (0, 1). Default: 0.95.</param>
    /// <param name="seasonLength">The season's length in rows, for the seasonal baselines and the scaled errors; null: sought by autocorrelation.</param>
    /// <param name="trainData">What was trained on: scaled errors are then in units of its seasonal-naive error, and the linear regression learns from it; null: the rows before the first forecast give the unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">No forecast has its whole horizon in the data.</exception>
    /// <example>
    /// <code>
    /// ForecastMetrics metrics = ml.Forecasting.EvaluateForecast(model.Transform(testData), "Value", "Forecast", trainData: trainData);
    /// Console.WriteLine(metrics);
    /// </code>
    /// </example>
    public static ForecastMetrics EvaluateForecast(
        this ForecastingCatalog catalog, IDataView predictions, string labelColumnName, string forecastColumnName = "Forecast", string? groupColumnName = null,
        string? lowerBoundColumnName = null, string? upperBoundColumnName = null, double confidenceLevel = 0.95, int? seasonLength = null, IDataView? trainData = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(forecastColumnName);
        RequireArgument(confidenceLevel is > 0 and < 1, nameof(confidenceLevel), confidenceLevel, "more than 0 and less than 1");
        RequireArgument(seasonLength is null or > 0, nameof(seasonLength), seasonLength, "1 or more, or null");
        RequireArgument((lowerBoundColumnName is null) == (upperBoundColumnName is null), nameof(upperBoundColumnName), upperBoundColumnName,
            lowerBoundColumnName is null ? "null, since lowerBoundColumnName is null" : "the name of a column, since lowerBoundColumnName is given");
        var columns = new ForecastColumns(labelColumnName, forecastColumnName, groupColumnName, lowerBoundColumnName, upperBoundColumnName);
        return new ForecastEvaluation(catalog.GetEnvironment(), columns, confidenceLevel, seasonLength, trainData).Run(predictions);
    }
}
