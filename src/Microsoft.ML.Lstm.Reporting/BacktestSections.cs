namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Errors and residuals of a backtest: of forecasts that were made without what came.</summary>
internal static class BacktestSections
{
    private const int MostSeries = 20, MostResiduals = 400;

    /// <summary>How the forecaster compares, in half a sentence.</summary>
    public static string Summary(BacktestResult backtest)
    {
        (string name, ForecastErrors best) = Best(backtest.Metrics);
        return Invariant($"mean absolute error {backtest.Metrics.Errors.MeanAbsoluteError / best.MeanAbsoluteError:F2} times that of {name}, the best forecast that needs no learning, over {Plural.Of(backtest.Metrics.ForecastCount, "forecast")}.");
    }

    /// <summary>The errors: beside the baselines, by step and by series.</summary>
    public static ReportSection Errors(BacktestResult backtest)
    {
        ForecastMetrics metrics = backtest.Metrics;
        var section = new ReportSection("Errors");
        (string name, ForecastErrors best) = Best(metrics);
        if (metrics.Errors.MeanAbsoluteError > best.MeanAbsoluteError)
            section.Notice(Invariant($"The forecast's error is {metrics.Errors.MeanAbsoluteError / best.MeanAbsoluteError:F2} times that of '{name}', which needs no learning: use that, or train longer, on a longer window, or on more data."));
        section.Text("Of a backtest: each forecast was made by a forecaster that was trained on rows before it alone.");
        section.Table("Errors over all steps", Header("forecast"), [Row("Forecast", metrics.Errors), .. metrics.Baselines.Select(baseline => Row(baseline.Key, baseline.Value))]);
        if (metrics.ConfidenceLevel is { } level && !double.IsNaN(metrics.Coverage))
            section.Text(Invariant($"Intervals of {100 * level:G4} % covered {100 * metrics.Coverage:F1} % of the values."));
        section.Chart(new ReportChart
        {
            Caption = "Mean absolute error, step by step ahead.",
            XTitle = "rows ahead",
            Lines = [new ReportLine("Forecast", [.. metrics.ErrorsByHorizon.Select((errors, h) => (h + 1.0, errors.MeanAbsoluteError))]),
                By("Persistence", row => row.Persistence), By("SeasonalNaive", row => row.SeasonalNaive)],
        });
        section.Table("Errors by rows ahead", Header("rows ahead"), metrics.ErrorsByHorizon.Select((errors, h) => Row(Invariant($"{h + 1}"), errors)));
        if (metrics.ErrorsBySeries.Count > 1)
            section.Table(metrics.ErrorsBySeries.Count > MostSeries ? Invariant($"Errors of the {MostSeries} series with the largest") : "Errors by series", Header("series"),
                metrics.ErrorsBySeries.OrderByDescending(series => series.Value.MeanAbsoluteError).Take(MostSeries).Select(series => Row(series.Key, series.Value)));
        return section;

        ReportLine By(string title, Func<BacktestForecast, float> forecast) => new(title, [.. backtest.Rows.GroupBy(row => row.Step).OrderBy(step => step.Key)
            .Select(step => ((double)step.Key, step.Where(row => float.IsFinite(row.Actual)).Select(row => Math.Abs((double)forecast(row) - row.Actual)).DefaultIfEmpty(double.NaN).Average()))]);
    }

    /// <summary>What was left over, row by row.</summary>
    public static ReportSection Residuals(BacktestResult backtest)
    {
        var section = new ReportSection("Residuals");
        BacktestForecast[] rows = [.. backtest.Rows.Where(row => float.IsFinite(row.Actual) && float.IsFinite(row.Forecast))];
        if (rows.Length < 2)
            return section.Text("There are too few to show.");
        double[] residuals = [.. rows.Select(row => (double)row.Actual - row.Forecast)];
        double mean = residuals.Average(), deviation = Math.Sqrt(residuals.Average(one => Math.Pow(one - mean, 2)));
        section.Text(Invariant($"What came less the forecast: mean {mean:G3}, standard deviation {deviation:G3}. A mean far from zero is a bias."));
        bool hasTimes = rows.All(row => row.Time != default);
        return section.Chart(new ReportChart
        {
            Caption = "Residuals of all steps, in the order of the rows.",
            XIsTime = hasTimes,
            Lines = [new ReportLine("residual", [.. rows.Take(MostResiduals).Select(row => (hasTimes ? row.Time.ToOADate() : row.Origin + row.Step, (double)row.Actual - row.Forecast)).OrderBy(point => point.Item1)])],
        });
    }

    private static (string Name, ForecastErrors Errors) Best(ForecastMetrics metrics)
    {
        (string name, ForecastErrors errors) = metrics.Baselines.Where(baseline => !double.IsNaN(baseline.Value.MeanAbsoluteError)).MinBy(baseline => baseline.Value.MeanAbsoluteError);
        return (name, errors);
    }

    private static IReadOnlyList<string> Header(string first) => [first, "MAE", "RMSE", "sMAPE %", "MASE"];

    private static IReadOnlyList<string> Row(string name, ForecastErrors errors) =>
    [
        name, Text(errors.MeanAbsoluteError), Text(errors.RootMeanSquaredError), Text(errors.SymmetricMeanAbsolutePercentageError), Text(errors.MeanAbsoluteScaledError),
    ];

    private static string Text(double value) => double.IsNaN(value) ? "" : Invariant($"{value:G4}");
}
