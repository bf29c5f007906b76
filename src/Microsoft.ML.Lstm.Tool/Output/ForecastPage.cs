using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>The report of a <c>lstm forecast</c>: that of the forecaster, what the data was, how it was split, and the command that does it again.</summary>
internal static class ForecastPage
{
    private const int MostSeries = 20;

    /// <summary>Makes it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="model">What it trained on all rows.</param>
    /// <param name="test">What its test came to.</param>
    /// <param name="command">The command line.</param>
    public static ReportPage Create(SeriesRun run, ITransformer model, BacktestResult test, string command)
    {
        IDataView data = run.Table.View;
        ITransformer[] parts = [.. ModelFiles.Parts(model)];
        foreach (ITransformer part in parts[..^1])
            data = part.Transform(data);
        var forecaster = (LstmForecastingTransformer)parts[^1];
        ReportPage page = forecaster.CreateReport(new MLContext(run.Request.Seed), data, new ForecastReportOptions
        {
            Title = $"Forecast of {string.Join(", ", run.Table.Roles.Targets.Select(target => target.Name))}",
            Backtest = test,
        });
        page.Add(Data(run));
        page.Add(Splits(run, test));
        if (run.Found is { } found)
            page.Add(found.CreateSection());
        page.Add(new ReportSection("Do it again").Text(run.Found is { End: not SearchEnd.Completed }
            ? "The search ended before its trials did, so that a machine of another speed may find other settings; --trials in place of --minutes makes the same search everywhere:"
            : "The same file, command and version give the same forecast on any machine:").Code(command));
        return page;
    }

    private static ReportSection Data(SeriesRun run)
    {
        SeriesTable table = run.Table;
        CsvDialect dialect = run.Dialect;
        ReportSection section = new ReportSection("Data")
            .Text($"'{Path.GetFileName(run.Request.Path)}', read with {CsvTable.Name(dialect.Separator)} between fields, {(dialect.HasHeader ? "a header" : "no header")}, {dialect.Numbers}.")
            .Table("Columns", ["column", "holds", "first value", "taken as"], dialect.Columns.Select(column => (IReadOnlyList<string>)[column.Name, column.Holds, column.Example, table.Roles.NameOf(column)]));
        foreach (ColumnGuess column in dialect.Columns.Where(column => column.IsAmbiguous))
            section.Notice($"'{column.Name}' can be read in two ways; \"{column.Example}\" was taken as {column.DateFormat ?? dialect.Numbers.ToString()}.");
        return section.Table(table.Series.Count > MostSeries ? FormattableString.Invariant($"The first {MostSeries} of {table.Series.Count} series") : "Series",
            ["series", "target", "rows", "missing", "least", "mean", "most", "first time", "last time"],
            from series in table.Series.Take(MostSeries) from target in table.Roles.Targets select Row(table, series.Name, series.Rows, target));
    }

    private static IReadOnlyList<string> Row(SeriesTable table, string name, int[] rows, ColumnGuess target)
    {
        IReadOnlyList<float> values = ((ColumnData<float>)table.View[target.Name]).Values;
        float[] known = [.. rows.Select(row => values[row]).Where(float.IsFinite)];
        // Rows after the last value tell of the future: nothing is missing there.
        int last = Array.FindLastIndex(rows, table.IsKnown), missing = rows[..(last + 1)].Count(row => !float.IsFinite(values[row]));
        DateTime[] times = table.Roles.Time is null || last < 0 ? [] : table.Times([rows[0], rows[last]]);
        return
        [
            name.Length == 0 ? "all" : name, target.Name, FormattableString.Invariant($"{last + 1}"), FormattableString.Invariant($"{missing}"),
            .. known.Length == 0 ? (string[])["", "", ""] : [Text(known.Min()), Text(known.Average()), Text(known.Max())],
            .. times.Length == 0 ? (string[])["", ""] : times.Select(time => FormattableString.Invariant($"{time:yyyy-MM-dd HH:mm}")),
        ];

        static string Text(float value) => FormattableString.Invariant($"{value:G5}");
    }

    private static ReportSection Splits(SeriesRun run, BacktestResult test)
    {
        ReportSection section = new ReportSection("Splits").Text(FormattableString.Invariant(
            $"By time, never at random. For the errors a forecaster was trained on the rows before the first origin and forecast from {run.Plan.Origins} origins, {run.Plan.Horizon} rows each; the forecast itself is by one trained on all rows."));
        DateTime[] origins = [.. test.Rows.Select(row => row.OriginTime).Where(time => time != default).Distinct().Order()];
        return origins.Length == 0 ? section : section.Text(FormattableString.Invariant($"First origin {origins[0]:yyyy-MM-dd HH:mm}, last {origins[^1]:yyyy-MM-dd HH:mm}."));
    }
}
