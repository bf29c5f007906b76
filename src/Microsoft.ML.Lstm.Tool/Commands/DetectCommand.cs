using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Output;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

// ML.NET has a namespace of this name, which would be found first.
using Command = System.CommandLine.Command;

/// <summary><c>lstm detect data.csv</c>: rows that are unlikely after the rows before them.</summary>
internal static class DetectCommand
{
    private const string Rows = "anomalies.csv", Detector = "detector.zip";

    public static Command Create()
    {
        var series = new SeriesOptions();
        var confidence = new Option<double>("--confidence") { Description = "Share of ordinary rows that raise no alert.", DefaultValueFactory = _ => 0.999 };
        var output = new Option<string>("--output") { Description = $"Folder for {Rows} and {Detector}.", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Replace files that are there." };
        var command = new Command("detect", "Find rows outside the interval that the rows before them forecast.") { confidence, output, force };
        series.AddTo(command, forecasts: false);
        command.Run((parsed, console, cancellation) =>
        {
            double level = parsed.GetValue(confidence) is > 0 and < 1 and var share ? share
                : throw new ToolException(FormattableString.Invariant($"--confidence is {parsed.GetValue(confidence)}; expected more than 0 and less than 1, such as 0.999."));
            // Each row is expected from those before it, one ahead.
            SeriesRequest request = series.Read(parsed, forecasts: false) with { Horizon = 1 };
            var files = new OutputFiles(parsed.GetValue(output)!, parsed.GetValue(force), Rows, Detector);
            var run = new SeriesRun(console, request, cancellation);
            if (run.Table.Roles.Targets.Count > 1)
                throw new ToolException($"--target is {string.Join(", ", run.Table.Roles.Targets.Select(target => $"'{target.Name}'"))}; expected one column in which to look.");
            ITransformer detector = run.FitDetector(level);
            Anomaly[] found = [.. Anomaly.Read(run.Table, detector.Transform(run.Table.View))];
            files.WriteLines(Rows, Lines(run.Table, found));
            files.Write(Detector, stream => run.Save(detector, stream));
            console.Say(FormattableString.Invariant($"{found.Length} of {run.Table.View.GetRowCount()} rows are unlikely after the rows before them; {(1 - level) * run.Table.View.GetRowCount():F1} would be by chance."));
            foreach (Anomaly one in found.OrderByDescending(one => Math.Abs(one.Score)).Take(10))
                console.Say(FormattableString.Invariant($"row {one.Row + 1}{(one.Series.Length == 0 ? "" : $" of '{one.Series}'")}{(one.Time is { } time ? $", {time:yyyy-MM-dd HH:mm}" : "")}: {one.Value:G5}, expected {one.Expected:G5} ({one.Lower:G5} to {one.Upper:G5}), {one.Score:F1} standard deviations off"));
            console.Say($"Written: {files.Path(Rows)}, {files.Path(Detector)}.");
            console.WriteJson(new { Anomalies = found, Files = new[] { files.Path(Rows), files.Path(Detector) } });
        });
        return command;
    }

    private static IEnumerable<string> Lines(SeriesTable table, IEnumerable<Anomaly> anomalies)
    {
        SeriesRoles roles = table.Roles;
        yield return string.Join(',', (string[])["Row", .. roles.Group is null ? Array.Empty<string>() : [ForecastCsv.Quoted(roles.Group.Name)],
            .. roles.Time is null ? Array.Empty<string>() : [ForecastCsv.Quoted(roles.Time.Name)], ForecastCsv.Quoted(roles.Targets[0].Name), "Expected", "Lower", "Upper", "Score", "PValue"]);
        foreach (Anomaly one in anomalies)
            yield return string.Join(',', (string[])[(one.Row + 1).ToString(CultureInfo.InvariantCulture), .. roles.Group is null ? Array.Empty<string>() : [ForecastCsv.Quoted(one.Series)],
                .. one.Time is { } time ? [ForecastCsv.Quoted(time.ToString(DateFormats.ForWriting(roles.Time!.DateFormat!, roles.Time.Example), CultureInfo.InvariantCulture))] : Array.Empty<string>(),
                .. ((double[])[one.Value, one.Expected, one.Lower, one.Upper, one.Score, one.PValue]).Select(value => ((float)value).ToString("R", CultureInfo.InvariantCulture))]);
    }
}
