using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Code;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What a training came to.</summary>
/// <param name="Metrics">Metrics of what was held out.</param>
/// <param name="Save">Saves the model.</param>
/// <param name="Page">The report.</param>
/// <param name="Project">The C# that does it again.</param>
internal sealed record TrainingResult((string Name, double Value)[] Metrics, Action<Stream> Save, ReportPage Page, GeneratedProject Project)
{
    /// <summary>Looks whether what a training writes can be written, before any work is done.</summary>
    /// <exception cref="ToolException">A file is there, or nothing can be written there.</exception>
    public static (OutputFiles Files, CodeFolder? Code) Prepare(TrainOptions train, string project) =>
        (new OutputFiles(train.Output, train.Force, TrainOptions.Model, TrainOptions.Report), train.Code is { } folder
            ? new CodeFolder(folder, train.Force, project) : null);

    /// <summary>Writes it, and says what it came to.</summary>
    public void Write(ToolConsole console, (OutputFiles Files, CodeFolder? Code) to)
    {
        OutputFiles files = to.Files;
        files.Write(TrainOptions.Model, Save);
        files.WriteLines(TrainOptions.Report, [Page.ToHtml()]);
        to.Code?.Write(Project);
        console.Say($"On what was held out: {string.Join(", ", Metrics.Select(metric => FormattableString.Invariant($"{metric.Name} {metric.Value:G4}")))}.");
        console.Say($"Written: {files.Path(TrainOptions.Model)}, {files.Path(TrainOptions.Report)}{(to.Code is null ? "" : $", and a project in {to.Code.Folder}")}.");
        console.WriteJson(new { Metrics = Metrics.ToDictionary(metric => metric.Name, metric => metric.Value),
            Files = new[] { files.Path(TrainOptions.Model), files.Path(TrainOptions.Report) }, Code = to.Code?.Folder });
    }
}
