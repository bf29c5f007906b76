using System.CommandLine;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Output;
using Spectre.Console;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm inspect model.zip</c>: what a model is, what it reads, how its training went.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("model") { Description = "The model." };
        var command = new Command("inspect", "Say what a model is: columns, shapes, training history, findings.") { path };
        command.Run((parsed, console, _) =>
        {
            var ml = new MLContext();
            (ITransformer model, DataViewSchema? input) = ModelFiles.Load(ml, parsed.GetValue(path)!);
            string[] columns = [.. (input ?? Enumerable.Empty<DataViewSchema.Column>()).Select(column => $"{column.Name}: {column.Type}")];
            console.Say($"Reads: {(columns.Length == 0 ? "not said" : string.Join(", ", columns))}");
            var parts = new List<object>();
            foreach (ITransformer part in ModelFiles.Parts(model))
                parts.Add(Describe(console, part));
            console.WriteJson(new { Columns = columns, Parts = parts });
        });
        return command;
    }

    private static object Describe(ToolConsole console, ITransformer part)
    {
        string name = part.GetType().Name;
        (string? description, TrainingHistory? history, NetworkDiagnosis? diagnosis) = part switch
        {
            RecurrentTransformer recurrent => (recurrent.Model.Describe(), recurrent.History, recurrent.Diagnosis),
            LstmLanguageModelTransformer language => (language.Model.Describe(), language.History, language.Diagnosis),
            LstmForecastingTransformer forecaster => (Describe(forecaster.Model), forecaster.History, forecaster.Diagnosis),
            _ => default((string?, TrainingHistory?, NetworkDiagnosis?)),
        };
        console.Say("");
        console.Say(name);
        if (description is not null)
            console.Say(description);
        if (history is not null)
            Show(console, history);
        if (diagnosis is not null)
            console.Say(diagnosis.ToString());
        return new { Name = name, Description = description, Epochs = history?.Epochs, Findings = diagnosis?.Findings };
    }

    private static string Describe(ForecastModel model) => FormattableString.Invariant(
        $"Forecasts {string.Join(", ", model.TargetColumnNames)}: {model.Horizon} rows from the last {model.WindowLength}, season {model.SeasonLength}{(model.ConfidenceLevel is { } level ? $", intervals of {level:P0}" : "")}. ")
        + FormattableString.Invariant($"{model.SeriesNames.Count} series{(model.GroupColumnName is { } group ? $" by '{group}'" : "")}{(model.TimeColumnName is { } time ? $", times in '{time}'" : "")}. {model.MemberCount} x {model.Spec.Cell} of {string.Join(", ", model.Spec.HiddenSizes)}{(model.NetworkShare < 1 ? $", {model.NetworkShare:P0} of the forecast; the rest is each series' own linear forecast" : "")}.");

    private static void Show(ToolConsole console, TrainingHistory history)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("epoch", "loss", "validation", "rate", "seconds");
        // The first, the last and the best say how it went; all of a long training are in --json.
        foreach (EpochReport epoch in history.Epochs.Where(epoch => history.Epochs.Count <= 12 || epoch.Epoch < 3 || epoch.Epoch >= history.Epochs.Count - 3 || epoch.Epoch == history.BestEpoch))
            table.AddRow(FormattableString.Invariant($"{epoch.Epoch + 1}{(epoch.Epoch == history.BestEpoch ? " best" : "")}"), FormattableString.Invariant($"{epoch.Loss:G4}"),
                FormattableString.Invariant($"{epoch.ValidationLoss:G4}"), FormattableString.Invariant($"{epoch.LearningRate:G3}"), FormattableString.Invariant($"{epoch.Seconds:F1}"));
        console.Results.Write(table);
        console.Say($"{TrainingLine.Curve([.. history.Epochs.Select(epoch => epoch.ValidationLoss ?? epoch.Loss)])}  ended: {history.End}");
    }
}
