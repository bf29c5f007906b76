using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>What the forecasts rest on, over many windows and of the last one.</summary>
internal static class ImportanceSection
{
    private const int Blocks = 6, Permutations = 3, MostBars = 16;

    public static ReportSection Of(ForecastModel model, IReadOnlyList<SeriesData> series, int mostWindows)
    {
        var section = new ReportSection("What it rests on");
        if (Measured(model, series, mostWindows) is { } importance)
            section.Text("By how much the mean absolute error grows when one input in some rows is exchanged among windows at random, so that it says nothing. Rows are counted from the latest, which is 0; those of the horizon are positive.")
                .Chart(new ReportChart { Caption = "Growth of the error, per cent; the most important first.", XTitle = "per cent", Bars = [.. importance.Take(MostBars).Select(one => new ReportBar(LabelOf(one), 100 * one.ErrorIncrease))] });
        else
            section.Text("The data holds fewer than two whole windows with a horizon after them, so that importance could not be measured.");
        if (Explained(model, series) is ({ } explanation, { } name))
            section.Text(Invariant($"The forecast of {name} from its last row, mean over the horizon, divided among its inputs by integrated gradients: {explanation}."))
                .Chart(new ReportChart
                {
                    Caption = "What each row of the window adds to that forecast, all inputs together.",
                    XTitle = "rows after the latest known",
                    Lines = [new ReportLine("contribution", [.. explanation.Contributions.Where(one => one.Kind != ForecastInputKind.StaticCovariate).GroupBy(one => one.Row).OrderBy(row => row.Key).Select(row => ((double)row.Key, row.Sum(one => one.Value)))])],
                });
        return section;
    }

    /// <summary>The importance as a chart's label.</summary>
    public static string LabelOf(ForecastImportance one) => one.FirstRow == one.LastRow && one.FirstRow == 0 && one.Kind is ForecastInputKind.StaticCovariate or ForecastInputKind.Series
        ? one.Input
        : Invariant($"{one.Input}{(one.Kind == ForecastInputKind.Missing ? " missing" : "")} {one.FirstRow}…{one.LastRow}");

    private static IReadOnlyList<ForecastImportance>? Measured(ForecastModel model, IReadOnlyList<SeriesData> series, int mostWindows)
    {
        bool isEnough = series.Sum(one => Math.Max(0L, one.KnownCount - model.Horizon - model.WindowLength + 1)) * model.Settings.TargetCount >= 2;
        return isEnough ? new PermutationImportance(model, series, mostWindows).Run(Blocks, Permutations, seed: 1, CancellationToken.None) : null;
    }

    private static (ForecastExplanation? Explanation, string? Name) Explained(ForecastModel model, IReadOnlyList<SeriesData> series)
    {
        var predictor = new ForecastPredictor(model, series);
        int index = Enumerable.Range(0, series.Count).FirstOrDefault(s => predictor.HasOrigin(s, series[s].KnownCount), -1);
        if (index < 0)
            return (null, null);
        float[] weights = new float[model.Horizon];
        Array.Fill(weights, 1f / model.Horizon);
        return (new ForecastAttribution(model, series[index], 0).Run(weights, AttributionMethod.IntegratedGradients, 64), HistorySection.NameOf(model, series[index], 0));
    }
}
