using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Reporting;

namespace Microsoft.ML;

/// <summary>Searches in reports, from the package Microsoft.ML.Lstm.Reporting.</summary>
public static class SearchReport
{
    private const int MostTrials = 60;

    /// <summary>Makes a section of a search: how the best score came down, and every trial with its settings, the best first.</summary>
    /// <typeparam name="TModel">The model that was searched for.</typeparam>
    /// <param name="result">The search.</param>
    /// <example>
    /// <code>
    /// using Microsoft.ML.Lstm.Reporting;
    ///
    /// var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6, NumberOfEpochs = 3 };
    /// var result = ml.Forecasting.SearchForecastByLstm(data, options, new ForecastSearchOptions { NumberOfTrials = 3 });
    /// result.Model.CreateReport(ml, data, new ForecastReportOptions { Backtest = result.Validation
    /// }).Add(result.CreateSection()).Save("report.html");
    /// </code>
    /// </example>
    public static ReportSection CreateSection<TModel>(this SearchResult<TModel> result)
        where TModel : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(result);
        SearchRung[] last = [.. result.Trials.GroupBy(rung => rung.Trial).Select(rungs => rungs.Last()).OrderBy(rung => rung.Score)
            .ThenBy(rung => rung.Trial)];
        SearchRung given = last.First(rung => rung.Trial == 0);
        double seconds = result.Trials.Sum(rung => rung.Seconds);
        ReportSection section = new ReportSection("Search")
            .Text(Invariant($"{Plural.Of(last.Length, "trial")} in {Plural.Of(result.Trials.Count, "training")}, {seconds:F0} s; {EndOf(result.End)} ")
                + "The better third of each rung was trained further.")
            .Text(Invariant($"Best: trial {result.Best.Trial}, {result.Best.Settings}, with a score of {result.Best.Score:G5}, ")
                + Invariant($"where the options as they were given have {given.Score:G5}; smaller is better."))
            .Text("The best of many trials looks better on the rows that chose it than it is: rows that took no part say what it is worth.");
        if (result.Trials.Count > 1)
            section.Chart(BestSoFar(result.Trials));
        return section.Table(last.Length > MostTrials ? Invariant($"The best {MostTrials} trials") : "Trials",
            ["trial", "score", "rung", "epochs", "seconds", "settings"],
            last.Take(MostTrials).Select(rung => (IReadOnlyList<string>)
            [
                Invariant($"{rung.Trial}"), double.IsFinite(rung.Score) ? Invariant($"{rung.Score:G5}") : "diverged",
                Invariant($"{rung.Rung}"), Invariant($"{rung.Epochs}"),
                Invariant($"{result.Trials.Where(one => one.Trial == rung.Trial).Sum(one => one.Seconds):F1}"), rung.Settings,
            ]));
    }

    private static ReportChart BestSoFar(IReadOnlyList<SearchRung> trials)
    {
        double best = double.PositiveInfinity, seconds = 0;
        var points = new List<(double, double)>();
        foreach (SearchRung rung in trials)
        {
            (best, seconds) = (Math.Min(best, rung.Score), seconds + rung.Seconds);
            if (double.IsFinite(best))
                points.Add((seconds, best));
        }
        return new ReportChart { Caption = "The best score so far.", XTitle = "seconds", Lines = [new ReportLine("score", points)] };
    }

    private static string EndOf(SearchEnd end) => end switch
    {
        SearchEnd.TimeLimit => "its time was up.",
        SearchEnd.Cancelled => "it was cancelled.",
        _ => "all were made.",
    };
}
