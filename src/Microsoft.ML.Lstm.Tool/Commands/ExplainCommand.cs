using System.CommandLine;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Tool.Series;
using Spectre.Console;
using SeriesTable = Microsoft.ML.Lstm.Tool.Series.SeriesTable;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm explain model.zip data.csv</c>: what forecasts rest on.</summary>
internal static class ExplainCommand
{
    private const int MostRows = 20;

    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A forecaster, such as lstm forecast has written." };
        var data = new Argument<string>("data") { Description = "A CSV with the columns that it was trained on." };
        var series = new Option<string?>("--series") { Description = "The series whose next forecast is divided among its inputs. Default: the first." };
        var target = new Option<string?>("--target") { Description = "The target of that forecast. Default: the first." };
        var step = new Option<int?>("--step") { Description = "The row of the horizon, from 1. Default: the mean over all." };
        var csv = new CsvOptions();
        var command = new Command("explain", "Say what a saved model's forecasts rest on: over all windows of a CSV, and the next forecast.") { model, data, series, target, step };
        csv.AddTo(command);
        command.Run((parsed, console, cancellation) =>
        {
            SavedForecaster saved = SavedForecaster.Load(parsed.GetValue(model)!);
            SeriesTable table = saved.Read(parsed.GetValue(data)!, csv.Read(parsed));
            IDataView prepared = saved.Prepared(table);
            IReadOnlyList<ForecastImportance> importance = new MLContext().Forecasting.PermutationFeatureImportance(saved.Transformer, prepared, cancellationToken: cancellation);
            var shown = new Table { Border = TableBorder.Simple };
            shown.AddColumns("input", "rows from", "to", "error grows by %", "standard deviation");
            foreach (ForecastImportance one in importance.Take(MostRows))
                shown.AddRow(Markup.Escape(one.Kind == ForecastInputKind.Missing ? $"{one.Input}, missing" : one.Input), FormattableString.Invariant($"{one.FirstRow}"), FormattableString.Invariant($"{one.LastRow}"),
                    FormattableString.Invariant($"{100 * one.ErrorIncrease:F1}"), FormattableString.Invariant($"{100 * one.StandardDeviation:F1}"));
            console.Say("How much worse forecasts become when one input in some rows is exchanged at random. 0 is the latest row known, 1 the first of the horizon.");
            console.Results.Write(shown);
            (string name, ForecastExplanation explanation) = Explain(saved, prepared, parsed.GetValue(series), parsed.GetValue(target), parsed.GetValue(step));
            console.Say($"The next forecast{(name.Length == 0 ? "" : $" of '{name}'")}, divided among its inputs:");
            console.Say(explanation.ToString());
            console.WriteJson(new
            {
                Importance = importance.Select(one => new { one.Input, Kind = one.Kind.ToString(), one.FirstRow, one.LastRow, one.ErrorIncrease, one.StandardDeviation }),
                Series = name,
                explanation.Forecast,
                explanation.Level,
                explanation.Base,
                explanation.Remainder,
                Contributions = explanation.Contributions.Select(one => new { one.Input, Kind = one.Kind.ToString(), one.Row, one.Value }),
            });
        });
        return command;
    }

    private static (string Name, ForecastExplanation Explanation) Explain(SavedForecaster saved, IDataView prepared, string? name, string? target, int? step)
    {
        ForecastModel model = saved.Forecaster;
        if (step is < 1 || step > model.Horizon)
            throw new ToolException(FormattableString.Invariant($"--step is {step}; expected 1 to {model.Horizon}."));
        int index = target is null ? 0 : model.TargetColumnNames.ToList().IndexOf(target);
        if (index < 0)
            throw new ToolException($"--target is '{target}'; expected {string.Join(" or ", model.TargetColumnNames.Select(one => $"'{one}'"))}.");
        IReadOnlyList<SeriesData> all = new SeriesReader(saved.Transformer.Context, model.Input, prepared.Schema, model.Settings.Step).Read(prepared, CancellationToken.None).Series;
        var predictor = new ForecastPredictor(model, all);
        int found = Enumerable.Range(0, all.Count).FirstOrDefault(i => (name is null || all[i].Name == name) && predictor.HasOrigin(i, all[i].KnownCount), -1);
        if (found < 0)
            throw new ToolException(name is null ? "No series can be forecast from its last row; expected values, and rows after them where covariates of the future are read."
                : $"--series is '{name}'; expected one that can be forecast, such as {string.Join(", ", all.Take(5).Select(one => $"'{one.Name}'"))}.");
        float[] weights = new float[model.Horizon];
        if (step is { } one)
            weights[one - 1] = 1;
        else
            Array.Fill(weights, 1f / model.Horizon);
        return (all[found].Name, new ForecastAttribution(model, all[found], index).Run(weights, AttributionMethod.IntegratedGradients, 64));
    }
}
