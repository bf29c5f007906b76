using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm evaluate model.zip data.csv</c>: errors of a saved forecaster on a file, beside forecasts that need no network.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A forecaster, such as lstm forecast has written." };
        var data = new Argument<string>("data") { Description = "A CSV with the columns that it was trained on, and rows that it was not trained on." };
        var csv = new CsvOptions();
        var season = new Option<int?>("--season") { Description = "Length of the season in rows, for the seasonal baselines. Default: the model's." };
        var command = new Command("evaluate", "Compare the forecasts of a saved model with what came, in each row of a CSV.") { model, data, season };
        csv.AddTo(command);
        command.Run((parsed, console, _) =>
        {
            SavedForecaster saved = SavedForecaster.Load(parsed.GetValue(model)!);
            if (saved.Forecaster.TargetColumnNames.Count > 1)
                throw new ToolException($"'{saved.Path}' forecasts {string.Join(", ", saved.Forecaster.TargetColumnNames)}; expected a model of one target. lstm backtest tests several together.");
            SeriesTable table = saved.Read(parsed.GetValue(data)!, csv.Read(parsed));
            IDataView scored = saved.Model.Transform(table.View);
            string[] outputs = [.. scored.Schema.Where(column => !column.IsHidden && table.View.Schema.GetColumnOrNull(column.Name) is null).Select(column => column.Name)];
            bool hasBounds = outputs.Length > 2;
            ForecastMetrics metrics = new MLContext().Forecasting.EvaluateForecast(scored, saved.Forecaster.TargetColumnNames[0], outputs[0], saved.Forecaster.GroupColumnName,
                hasBounds ? outputs[1] : null, hasBounds ? outputs[2] : null, saved.Forecaster.ConfidenceLevel ?? 0.95, parsed.GetValue(season) ?? saved.Forecaster.SeasonLength);
            MetricsTable.Show(console, metrics);
            console.WriteJson(new { Verdict = MetricsTable.Verdict(metrics), Forecasts = metrics.ForecastCount, metrics.Errors, metrics.ErrorsByHorizon, metrics.Baselines, metrics.Coverage });
        });
        return command;
    }
}
