using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Reporting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML;

/// <summary>Reports of forecasters, from the package Microsoft.ML.Lstm.Reporting.</summary>
public static class ForecastReport
{
    /// <summary>
    /// Writes a report of a forecaster: history and forecast with its interval, errors by step beside forecasts that need no learning, residuals, what the forecasts rest on, how the training went,
    /// what was found, settings and versions.
    /// </summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="data">Rows that it was not trained on, with windows before them, in the order of time, up to the latest: the last row of each series has the forecast that is drawn. With a backtest in the options, any rows.</param>
    /// <param name="path">Where to; its folder must exist. The file is there whole or not at all.</param>
    /// <param name="options">What it shows. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <example>
    /// <code>
    /// using Microsoft.ML.Lstm.Reporting;
    ///
    /// var forecasts = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 24, horizon: 6).Fit(trainData);
    /// forecasts.SaveReport(ml, testData, "report.html", new ForecastReportOptions { Title = "Passengers", TrainData = trainData });
    /// </code>
    /// </example>
    public static void SaveReport(this LstmForecastingTransformer model, MLContext mlContext, IDataView data, string path, ForecastReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CreateReport(model, mlContext, data, options).Save(path);
    }

    /// <summary>Makes the report, to which sections can be added before it is saved.</summary>
    /// <param name="model">The forecaster.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="data">Rows that it was not trained on; as of <see cref="SaveReport"/>.</param>
    /// <param name="options">What it shows. Null: the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or an option is out of its range.</exception>
    public static ReportPage CreateReport(this LstmForecastingTransformer model, MLContext mlContext, IDataView data, ForecastReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ForecastReportOptions();
        Require(options.MaximumCharts > 0, nameof(options.MaximumCharts), options.MaximumCharts, "1 or more");
        Require(options.MaximumWindows > 1, nameof(options.MaximumWindows), options.MaximumWindows, "2 or more");
        ForecastModel forecaster = model.Model;
        IReadOnlyList<SeriesData> series = Read(model, data);
        string targets = string.Join(", ", forecaster.Input.Targets);
        HeldOutErrors? errors = options.Backtest is null ? new HeldOutErrors(forecaster, series, options.TrainData is null ? [] : Read(model, options.TrainData), options.MaximumWindows) : null;
        string summary = errors?.Summary ?? BacktestSections.Summary(options.Backtest!);
        var page = new ReportPage(options.Title ?? Invariant($"Forecast of {targets}"), Invariant(
            $"{Plural.Of(series.Count, "series", "series")}, {Plural.Of(forecaster.Horizon, "row")} ahead from the last {forecaster.WindowLength}; {summary}"));
        page.Add(HistorySection.Of(forecaster, series, options.MaximumCharts));
        page.Add(errors?.ErrorSection() ?? BacktestSections.Errors(options.Backtest!));
        page.Add(errors?.ResidualSection() ?? BacktestSections.Residuals(options.Backtest!));
        page.Add(ImportanceSection.Of(forecaster, series, options.MaximumWindows));
        page.Add(TrainingSection.Of(forecaster.History, forecaster.Diagnosis));
        page.Add(SettingsSection.Of(forecaster));
        return page;
    }

    private static IReadOnlyList<SeriesData> Read(LstmForecastingTransformer model, IDataView data) =>
        new SeriesReader(model.Context, model.Model.Input, data.Schema, model.Model.Settings.Step).Read(data, CancellationToken.None).Series;
}
