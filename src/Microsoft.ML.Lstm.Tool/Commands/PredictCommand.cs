using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

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
            string file = parsed.GetValue(model)!, path = parsed.GetValue(data)!;
            (ITransformer loaded, DataViewSchema? input) = ModelFiles.Load(new MLContext(), file);
            ForecastModel forecaster = ModelFiles.Find<LstmForecastingTransformer>(loaded, file, "a forecaster, such as lstm forecast makes").Model;
            CsvDialect dialect = CsvSniffer.Look(path, csv.Read(parsed));
            SeriesRoles roles = Roles(forecaster, input ?? throw new ToolException($"'{file}' does not say which columns it reads; expected a model saved with its schema."), dialect);
            SeriesTable table = SeriesTable.Of(CsvTable.Read(path, dialect, roles.ToRead()), roles);
            IReadOnlyList<FutureRow> future = FutureRow.Read(table, loaded);
            files.WriteLines(Forecast, ForecastCsv.Lines(future, roles));
            console.Say($"Written: {files.Path(Forecast)}, {future.Count} rows.");
            console.WriteJson(new { Forecast = future, Files = new[] { files.Path(Forecast) } });
        });
        return command;
    }

    private static SeriesRoles Roles(ForecastModel forecaster, DataViewSchema input, CsvDialect dialect)
    {
        string[] own = [.. forecaster.TargetColumnNames, .. new[] { forecaster.GroupColumnName, forecaster.TimeColumnName }.OfType<string>()];
        ColumnGuess[] covariates = [.. input.Where(column => !own.Contains(column.Name)).Select(column => Find(column.Name) with { Kind = column.Type is TextDataViewType ? ColumnKind.Text : ColumnKind.Number })];
        return new SeriesRoles(
            [.. forecaster.TargetColumnNames.Select(Find)],
            forecaster.TimeColumnName is { } time ? Find(time) : null,
            forecaster.GroupColumnName is { } group ? Find(group) : null,
            covariates, [], []);

        ColumnGuess Find(string name) => dialect.Find(name, "The model's column");
    }
}
