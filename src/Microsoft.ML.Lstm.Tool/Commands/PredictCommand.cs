using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Models;
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
        var model = new Argument<string>("model") { Description = "A forecaster, or a regressor or classifier, such as lstm forecast and lstm train have written." };
        var data = new Argument<string>("data") { Description = "A CSV with the columns that it was trained on." };
        var csv = new CsvOptions();
        var shards = new ShardOption("series, or of the rows where the model is no forecaster");
        var output = new Option<string>("--output") { Description = $"Folder for {Forecast} or {RowPredictions.File}.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("predict", "Forecast from the last rows of a CSV with a saved forecaster, or predict from each row with a saved regressor or classifier.") { model, data, output, force };
        csv.AddTo(command);
        shards.AddTo(command);
        command.Run((parsed, console, _) =>
        {
            WorkShard shard = shards.Read(parsed);
            string forecast = ShardOption.FileName(Forecast, shard), predictions = ShardOption.FileName(RowPredictions.File, shard);
            (ITransformer loaded, DataViewSchema? input) = ModelFiles.Load(new MLContext(), parsed.GetValue(model)!);
            if (input is not null && !ModelFiles.Parts(loaded).Any(part => part is LstmForecastingTransformer))
            {
                var rowFiles = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), predictions);
                IReadOnlyList<string> lines = RowPredictions.Lines(loaded, input, parsed.GetValue(model)!, parsed.GetValue(data)!,
                    csv.Read(parsed), shard);
                rowFiles.WriteLines(predictions, ShardOption.Lines(lines, shard));
                console.Say(FormattableString.Invariant($"Written: {rowFiles.Path(predictions)}, {lines.Count - 1} rows."));
                console.WriteJson(new { Rows = lines.Count - 1, Files = new[] { rowFiles.Path(predictions) } });
                return;
            }
            var files = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), forecast);
            SavedForecaster saved = SavedForecaster.Load(parsed.GetValue(model)!);
            SeriesTable table = saved.Read(parsed.GetValue(data)!, csv.Read(parsed));
            table.CheckFuture(saved.Forecaster.Horizon);
            IReadOnlyList<FutureRow> future = FutureRow.Read(table.Of(shard), saved.Model);
            files.WriteLines(forecast, ShardOption.Lines(ForecastCsv.Lines(future, table.Roles), shard));
            console.Say($"Written: {files.Path(forecast)}, {future.Count} rows.");
            console.WriteJson(new { Forecast = future, Files = new[] { files.Path(forecast) } });
        });
        return command;
    }
}
