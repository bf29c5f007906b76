using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm backtest data.csv</c>: how good forecasts would have been.</summary>
internal static class BacktestCommand
{
    private const string Rows = "backtest.csv";

    public static Command Create()
    {
        var series = new SeriesOptions();
        var origins = new Option<int?>("--origins") { Description = "Origins to forecast from. Default: as many as fit the last fifth of the rows, at most 10." };
        var stride = new Option<int?>("--stride") { Description = "Rows from one origin to the next. Default: the horizon." };
        var refit = new Option<int?>("--refit-every") { Description = "Origins after which to train anew. Default: train once." };
        var output = new Option<string>("--output") { Description = $"Folder for {Rows}.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("backtest", "Forecast the last rows of each series from those before, and compare with what came.") { origins, stride, refit, output, force };
        var shards = new ShardOption("origins; with --refit-every, a share trains its own models alone");
        series.AddTo(command);
        shards.AddTo(command);
        command.Run((parsed, console, cancellation) =>
        {
            WorkShard shard = shards.Read(parsed);
            string name = ShardOption.FileName(Rows, shard);
            var files = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), name);
            var run = new SeriesRun(console, series.Read(parsed), cancellation);
            BacktestResult result = run.Backtest(parsed.GetValue(origins), parsed.GetValue(stride), parsed.GetValue(refit), shard);
            // A share of more than there are origins has none.
            bool hasAny = result.Metrics.ForecastCount > 0;
            if (hasAny)
                MetricsTable.Show(console, result.Metrics);
            files.WriteLines(name, ShardOption.Lines(Lines(result), shard));
            console.Say($"Written: {files.Path(name)}.");
            console.WriteJson(new { Verdict = hasAny ? MetricsTable.Verdict(result.Metrics) : null, result.Metrics.Errors,
                result.Metrics.ErrorsByHorizon, result.Metrics.Baselines, result.Metrics.Coverage, Files = new[] { files.Path(name) } });
        });
        return command;
    }

    private static IEnumerable<string> Lines(BacktestResult result)
    {
        yield return "Series,Target,Origin,Step,Time,Actual,Forecast,Lower,Upper,Persistence,SeasonalNaive,Ridge";
        foreach (BacktestForecast row in result.Rows)
        {
            string time = row.Time == default ? "" : row.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            yield return string.Join(',',
                ForecastCsv.Quoted(row.Series), ForecastCsv.Quoted(row.Target), row.Origin.ToString(CultureInfo.InvariantCulture), row.Step.ToString(CultureInfo.InvariantCulture), time,
                Text(row.Actual), Text(row.Forecast), Text(row.LowerBound), Text(row.UpperBound), Text(row.Persistence), Text(row.SeasonalNaive), Text(row.Ridge));
        }
    }

    private static string Text(float value) => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
