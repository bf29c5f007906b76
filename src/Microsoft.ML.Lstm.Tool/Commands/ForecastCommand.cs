using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm forecast data.csv</c>: from a CSV to a forecast, a model, and the C# that makes them.</summary>
internal static class ForecastCommand
{
    private const string Forecast = "forecast.csv", Model = "model.zip", Report = "report.html", Search = "search";

    public static Command Create()
    {
        var series = new SeriesOptions();
        var output = new Option<string>("--output") { Description = $"Folder for {Forecast}, {Model} and {Report}.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace files that are there." };
        var code = new Option<string?>("--code") { Description = "Folder for a C# project that trains the same model and forecasts with it." };
        var command = new Command("forecast", "Forecast the series of a CSV: trains, tests against forecasts that need no network, forecasts.") { output, force, code };
        var search = new SearchFlags();
        series.AddTo(command);
        search.AddTo(command);
        command.Run((parsed, console, cancellation) =>
        {
            ShardOption.RequireOneProcess("forecast", "Run it once, then share out lstm predict.");
            SeriesRequest request = series.Read(parsed);
            SearchRequest? wanted = search.Read(parsed);
            var files = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), Forecast, Model, Report);
            CodeFolder? project = parsed.GetValue(code) is { } folder ? new CodeFolder(folder, parsed.GetValue(force), ForecastCode.Name)
                : null;
            var run = new SeriesRun(console, request, cancellation);
            run.Table.CheckFuture(run.Plan.Horizon);
            if (wanted is not null)
                run.Search(wanted, files.Path(Search), parsed.GetValue(force));
            BacktestResult test = run.Backtest();
            MetricsTable.Show(console, test.Metrics);
            ITransformer model = run.Fit();
            IReadOnlyList<FutureRow> future = FutureRow.Read(run.Table, model);
            files.WriteLines(Forecast, ForecastCsv.Lines(future, run.Table.Roles));
            files.Write(Model, stream => run.Save(model, stream));
            string command = CommandText.Of(parsed);
            files.WriteLines(Report, [ForecastPage.Create(run, model, test, command).ToHtml()]);
            project?.Write(new ForecastCode(run).Project());
            console.Say($"Written: {files.Path(Forecast)}, {files.Path(Model)}, {files.Path(Report)}{(project is null ? "" : $", and a project in {project.Folder}")}.");
            console.WriteJson(new
            {
                run.Plan.Horizon,
                run.Plan.Window,
                run.Season,
                Search = run.Found is { } found ? new { found.End, Trainings = found.Trials.Count, found.Best.Trial, found.Best.Score, found.Best.Values, Given = found.Trials.Last(rung => rung.Trial == 0).Score } : null,
                Series = run.Table.Series.Count,
                Verdict = MetricsTable.Verdict(test.Metrics),
                test.Metrics.Errors,
                test.Metrics.Baselines,
                test.Metrics.Coverage,
                Forecast = future,
                Files = new[] { files.Path(Forecast), files.Path(Model), files.Path(Report) },
                Code = project?.Folder,
            });
        });
        return command;
    }
}
