using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML;

/// <summary>Forecasting by recurrent networks, in <c>mlContext.Forecasting</c>.</summary>
public static class LstmForecastingCatalog
{
    /// <summary>Forecasts a series from its own past; the counterpart of <c>ForecastBySsa</c>.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="outputColumnName">The column of forecasts: <c>Vector&lt;Single, horizon&gt;</c>, in each row that of the rows that follow.</param>
    /// <param name="inputColumnName">The series: <c>Single</c>, a row for each step, in the order of time.</param>
    /// <param name="windowSize">Rows of the past that a forecast reads at most; two or three seasons are a good beginning.</param>
    /// <param name="horizon">Rows to forecast.</param>
    /// <param name="groupColumnName">Tells several series apart, which one network then forecasts; null: all rows are one series.</param>
    /// <param name="timeColumnName">When a row is from: shows missing rows and gives the calendar; null: rows are the steps.</param>
    /// <param name="numberOfEpochs">Most passes over the windows.</param>
    /// <param name="confidenceLowerBoundColumn">The column of lower bounds of an interval; null exactly when <paramref name="confidenceUpperBoundColumn"/> is: none.</param>
    /// <param name="confidenceUpperBoundColumn">The column of upper bounds.</param>
    /// <param name="confidenceLevel">Share of the values that the interval covers. Range: (0, 1).</param>
    /// <param name="variableHorizon">Whether more rows than <paramref name="horizon"/> may be asked for later, by <c>WithHorizon</c>; then forecasts are fed back.</param>
    /// <exception cref="ArgumentException">An argument is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 48, horizon: 12);
    /// var model = forecaster.Fit(trainData);
    /// IDataView forecasts = model.Transform(testData);   // the last row has the future
    /// </code>
    /// </example>
    public static LstmForecaster ForecastByLstm(
        this ForecastingCatalog catalog, string outputColumnName, string inputColumnName, int windowSize, int horizon, string? groupColumnName = null, string? timeColumnName = null,
        int numberOfEpochs = 20, string? confidenceLowerBoundColumn = null, string? confidenceUpperBoundColumn = null, float confidenceLevel = 0.95f,
        bool variableHorizon = false) =>
        new(catalog.GetEnvironment(), new LstmForecaster.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnNames = [inputColumnName],
            WindowSize = windowSize,
            Horizon = horizon,
            GroupColumnName = groupColumnName,
            TimeColumnName = timeColumnName,
            NumberOfEpochs = numberOfEpochs,
            ConfidenceLowerBoundColumn = confidenceLowerBoundColumn,
            ConfidenceUpperBoundColumn = confidenceUpperBoundColumn,
            ConfidenceLevel = confidenceLevel,
            VariableHorizon = variableHorizon,
        });

    /// <summary>Forecasts one or many series with all options: covariates, calendar, gaps, segments, ensembles, intervals.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range; names it, its value and what was expected.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
    /// {
    ///     InputColumnNames = ["Value"],
    ///     WindowSize = 168,
    ///     Horizon = 24,
    ///     TimeColumnName = "Date",
    ///     ConfidenceLowerBoundColumn = "Lower",
    ///     ConfidenceUpperBoundColumn = "Upper",
    /// });
    /// </code>
    /// </example>
    public static LstmForecaster ForecastByLstm(this ForecastingCatalog catalog, LstmForecaster.Options options) => new(catalog.GetEnvironment(), options);
}
