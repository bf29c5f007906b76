using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>The end of each series, and its forecast.</summary>
internal static class HistorySection
{
    private const int MostRows = 400;

    public static ReportSection Of(ForecastModel model, IReadOnlyList<SeriesData> series, int mostCharts)
    {
        var section = new ReportSection("Forecast");
        var predictor = new ForecastPredictor(model, series);
        (int Series, int Target, int Origin)[] windows = [.. from s in Enumerable.Range(0, series.Count)
                                                             where predictor.HasOrigin(s, series[s].KnownCount)
                                                             from t in Enumerable.Range(0, model.Settings.TargetCount)
                                                             select (s, t, series[s].KnownCount)];
        var forecasts = new SeriesForecast[windows.Length];
        predictor.Forecast(windows, forecasts);
        for (int i = 0; i < Math.Min(mostCharts, windows.Length); i++)
            section.Chart(Chart(model, series[windows[i].Series], windows[i].Target, forecasts[i]));
        if (windows.Length > mostCharts)
            section.Text(Invariant($"{windows.Length - mostCharts} more are not drawn."));
        if (windows.Length < series.Count * model.Settings.TargetCount)
            section.Notice("Some series have no forecast from their last row: there is no value yet, or covariates of the future end before the horizon does.");
        return section;
    }

    /// <summary>What the rows of a series are drawn at: their times, or their numbers.</summary>
    public static double At(ForecastModel model, SeriesData series, int row) => series.Times.Length == 0 ? row
        : row < series.Times.Length ? series.Times[row].ToOADate()
        : model.Settings.Step!.Value.Add(series.Times[^1], row - series.Times.Length + 1).ToOADate();

    /// <summary>The name of a series' target, for captions.</summary>
    public static string NameOf(ForecastModel model, SeriesData series, int target) =>
        series.Name.Length == 0 ? model.Input.Targets[target] : Invariant($"{model.Input.Targets[target]} of {series.Name}");

    private static ReportChart Chart(ForecastModel model, SeriesData series, int target, SeriesForecast forecast)
    {
        int known = series.KnownCount, shown = Math.Min(known, Math.Clamp(Math.Max(2 * model.WindowLength, 5 * model.Horizon), 30, MostRows));
        var history = new List<(double, double)>();
        for (int row = known - shown; row < known; row++)
            history.Add((At(model, series, row), series.Targets[target][row]));
        (double, double)[] ahead = [.. Enumerable.Range(0, model.Horizon).Select(h => (At(model, series, known + h), (double)forecast.Values[h]))];
        string level = model.ConfidenceLevel is { } share ? Invariant($" with its {100 * share:G4} % interval") : "";
        return new ReportChart
        {
            Caption = Invariant($"{NameOf(model, series, target)}: the last {shown} rows, and the forecast of the next {model.Horizon}{level}."),
            XIsTime = series.Times.Length > 0,
            Lines = [new ReportLine("what came", history, IsQuiet: true), new ReportLine("forecast", ahead)],
            Bands = forecast.Lower.Length == 0 ? [] : [new ReportBand("interval", [.. ahead.Select((point, h) => (point.Item1, (double)forecast.Lower[h], (double)forecast.Upper[h]))])],
        };
    }
}
