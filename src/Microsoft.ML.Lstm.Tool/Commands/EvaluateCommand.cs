using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm evaluate model.zip data.csv</c>: errors of a saved forecaster on a file, beside forecasts that need no network,
/// target by target.</summary>
internal static class EvaluateCommand
{
    private const string Label = "Label", Forecast = "Forecast", Lower = "Lower", Upper = "Upper", Group = "Group";

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
            SeriesTable table = saved.Read(parsed.GetValue(data)!, csv.Read(parsed));
            IReadOnlyList<string> targets = saved.Forecaster.TargetColumnNames;
            var results = new List<object>();
            foreach ((string target, TableView scored) in Scored(saved, table))
            {
                bool hasBounds = scored.Schema.GetColumnOrNull(Lower) is not null;
                ForecastMetrics metrics = new MLContext().Forecasting.EvaluateForecast(scored, Label, Forecast,
                    saved.Forecaster.GroupColumnName is null ? null : Group, hasBounds ? Lower : null, hasBounds ? Upper : null,
                    saved.Forecaster.ConfidenceLevel ?? 0.95, parsed.GetValue(season) ?? saved.Forecaster.SeasonLength);
                if (targets.Count > 1)
                    console.Say($"{target}:");
                MetricsTable.Show(console, metrics);
                results.Add(new { Target = target, Verdict = MetricsTable.Verdict(metrics), Forecasts = metrics.ForecastCount,
                    metrics.Errors, metrics.ErrorsByHorizon, metrics.Baselines, metrics.Coverage });
            }
            console.WriteJson(results.Count == 1 ? results[0] : new { Targets = results });
        });
        return command;
    }

    // A view for each target: the forecaster's own columns have the values of all of them, one target after another.
    private static IEnumerable<(string Target, TableView View)> Scored(SavedForecaster saved, SeriesTable table)
    {
        IDataView scored = saved.Model.Transform(table.View);
        string[] outputs = [.. scored.Schema.Where(column => !column.IsHidden && table.View.Schema.GetColumnOrNull(column.Name) is null)
            .Select(column => column.Name)];
        float[][][] values = [.. (outputs.Length > 2 ? outputs[..3] : outputs[..1])
            .Select(output => scored.GetColumn<float[]>(output).ToArray())];
        string[] names = [Forecast, Lower, Upper];
        for (int t = 0; t < saved.Forecaster.TargetColumnNames.Count; t++)
        {
            string target = saved.Forecaster.TargetColumnNames[t];
            int horizon = saved.Transformer.Horizon, from = t * horizon;
            VectorData<float>[] columns = [.. values.Select((rows, i) => Slice(names[i], rows, from, horizon))];
            yield return (target, new TableView([table.View[target].As(Label), .. columns,
                .. saved.Forecaster.GroupColumnName is { } group ? (ColumnData[])[table.View[group].As(Group)] : []]));
        }
    }

    private static VectorData<float> Slice(string name, float[][] rows, int from, int length)
    {
        var column = new VectorData<float>(name, new VectorDataViewType(NumberDataViewType.Single, length));
        foreach (float[] row in rows)
            column.Add(row[from..(from + length)]);
        return column;
    }
}
