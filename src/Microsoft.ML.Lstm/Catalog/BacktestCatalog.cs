using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML;

/// <summary>Backtests of forecasters, in <c>mlContext.Forecasting</c>.</summary>
public static class BacktestCatalog
{
    /// <summary>
    /// Tries a forecaster on the past: it is trained on the rows before an origin alone, forecasts the horizon after it, and is compared with what came; then the same from the next origin
    /// (rolling origin evaluation).
    /// </summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The series: all rows with all columns that the forecaster reads, each series in the order of time.</param>
    /// <param name="forecaster">The forecaster, not fitted.</param>
    /// <param name="numberOfOrigins">Origins that each series is forecast from; the last one's horizon ends with the series.</param>
    /// <param name="stride">Rows from one origin to the next; null: the horizon.</param>
    /// <param name="refitEvery">Origins after which training is done again; null: trained once, before the first origin.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough, or what <c>Fit</c> refuses.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 48, horizon: 12);
    /// BacktestResult backtest = ml.Forecasting.Backtest(data, forecaster, numberOfOrigins: 24, stride: 1, refitEvery: 6);
    /// Console.WriteLine(backtest.Metrics);         // beside persistence, season, Naive2 and a linear regression
    /// IDataView forecasts = backtest.Forecasts;    // a row for each origin, series and step
    /// </code>
    /// </example>
    public static BacktestResult Backtest(
        this ForecastingCatalog catalog, IDataView data, LstmForecaster forecaster, int numberOfOrigins = 10, int? stride = null, int? refitEvery = null) =>
        Backtest(catalog, data, forecaster, new BacktestOptions { NumberOfOrigins = numberOfOrigins, Stride = stride, RefitEvery = refitEvery });

    /// <summary>Tries any forecaster on the past, with all options: sliding training windows, warm starts, trainings side by side, cancellation.</summary>
    /// <param name="catalog">The forecasting catalog.</param>
    /// <param name="data">The series: all rows with all columns that the forecaster reads, each series in the order of time.</param>
    /// <param name="forecaster">
    /// The forecaster, not fitted: an <see cref="LstmForecaster"/>, or an estimator whose model adds to each row, of the rows up to it, the forecast of those that follow.
    /// </param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">No series has rows enough, or what <c>Fit</c> refuses.</exception>
    /// <exception cref="OperationCanceledException">The backtest was cancelled.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 48, horizon: 12);
    /// var options = new BacktestOptions { NumberOfOrigins = 8, RefitEvery = 1, WarmStart = true, MaximumTrainRows = 2000 };
    /// options.OriginDone = progress => Console.WriteLine($"{progress.OriginsDone} of {progress.OriginCount}");
    /// ForecastMetrics metrics = ml.Forecasting.Backtest(data, forecaster, options).Metrics;
    /// </code>
    /// </example>
    public static BacktestResult Backtest(this ForecastingCatalog catalog, IDataView data, IEstimator<ITransformer> forecaster, BacktestOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(options);
        return new Lstm.Forecasting.Backtest(catalog.GetEnvironment(), data, forecaster, options).Run();
    }
}
