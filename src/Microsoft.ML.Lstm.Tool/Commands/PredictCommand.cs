using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm predict model.zip data.csv</c>: what a forecaster forecasts from the last rows of a file.</summary>
internal static class PredictCommand
{
    private const string Forecast = "forecast.csv";

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A forecaster, such as lstm forecast has written." };
        var data = new Argument<string>("data") { Description = "A CSV with the columns that it was trained on." };
        var csv = new CsvOptions();
        var output = new Option<string>("--output") { Description = $"Folder for {Forecast}.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("predict", "Forecast from the last rows of a CSV with a model that was saved.") { model, data, output, force };
        csv.AddTo(command);
        command.Run((parsed, console, _) =>
        {
            var files = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), Forecast);
            SavedForecaster saved = SavedForecaster.Load(parsed.GetValue(model)!);
            SeriesTable table = saved.Read(parsed.GetValue(data)!, csv.Read(parsed));
            table.CheckFuture(saved.Forecaster.Horizon);
            IReadOnlyList<FutureRow> future = FutureRow.Read(table, saved.Model);
            files.WriteLines(Forecast, ForecastCsv.Lines(future, table.Roles));
            console.Say($"Written: {files.Path(Forecast)}, {future.Count} rows.");
            console.WriteJson(new { Forecast = future, Files = new[] { files.Path(Forecast) } });
        });
        return command;
    }
}
