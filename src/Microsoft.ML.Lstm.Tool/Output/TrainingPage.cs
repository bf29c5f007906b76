using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Reporting;
using Microsoft.ML.Lstm.Tool.Models;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>The report of a <c>lstm train</c>: that of the model, what the data was, how it was split, and the command that does it
/// again.</summary>
internal static class TrainingPage
{
    private const int MostClasses = 30;

    /// <summary>The report of a regressor, classifier or tagger.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The model, all of it.</param>
    /// <param name="test">Rows that were held out.</param>
    /// <param name="options">What the page is called, and what it compares.</param>
    public static ReportPage Of(MLContext ml, ITransformer model, IDataView test, RecurrentReportOptions options)
    {
        IDataView rows = test;
        foreach (ITransformer part in ModelFiles.Parts(model))
        {
            if (part is RecurrentTransformer recurrent)
                return recurrent.CreateReport(ml, rows, options);
            rows = part.Transform(rows);
        }
        throw new InvalidOperationException("The model has no recurrent network; expected one.");
    }

    /// <summary>Adds what the data was.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="nameOf">What a column was taken as.</param>
    /// <param name="counts">What there is of each class; empty where there are none.</param>
    /// <param name="lengths">Steps of each sequence.</param>
    public static ReportPage AddData(this ReportPage page, string path, CsvDialect dialect, Func<ColumnGuess, string> nameOf,
        IEnumerable<string> counts, IReadOnlyCollection<int> lengths)
    {
        ReportSection section = new ReportSection("Data")
            .Text($"'{Path.GetFileName(path)}', read with {CsvTable.Name(dialect.Separator)} between fields, {(dialect.HasHeader ? "a header" : "no header")}, {dialect.Numbers}.")
            .Table("Columns", ["column", "holds", "first value", "taken as"],
                dialect.Columns.Select(column => (IReadOnlyList<string>)[column.Name, column.Holds, column.Example, nameOf(column)]));
        if (lengths.Count > 0)
            section.Text(FormattableString.Invariant($"{lengths.Count} sequences of {lengths.Min()} to {lengths.Max()} steps, {lengths.Average():F1} on average."));
        (string Name, int Count)[] classes = [.. counts.GroupBy(name => name).Select(same => (same.Key, same.Count()))
            .OrderByDescending(one => one.Item2).ThenBy(one => one.Key, StringComparer.Ordinal)];
        if (classes.Length > 0)
            section.Table(classes.Length > MostClasses
                ? FormattableString.Invariant($"The {MostClasses} commonest of {classes.Length} labels")
                : "Labels", ["label", "count", "share"],
                classes.Take(MostClasses).Select(one => (IReadOnlyList<string>)[one.Name, FormattableString.Invariant($"{one.Count}"),
                    FormattableString.Invariant($"{100.0 * one.Count / classes.Sum(all => all.Count):F1} %")]));
        return page.Add(section);
    }

    /// <summary>Adds how it was split, and how to do it again.</summary>
    /// <param name="page">The page.</param>
    /// <param name="how">How, in a sentence.</param>
    /// <param name="train">Rows trained on; null: not counted.</param>
    /// <param name="test">Rows held out.</param>
    /// <param name="command">The command line.</param>
    public static ReportPage AddHow(this ReportPage page, string how, IDataView train, IDataView test, string command) => page
        .Add(new ReportSection("Splits").Text(how).Table("Rows", ["", "rows"], [["trained on", Count(train)], ["held out", Count(test)]]))
        .Add(new ReportSection("Do it again").Text("The same file, command and version give the same model on any machine:").Code(command));

    private static string Count(IDataView rows)
    {
        using DataViewRowCursor cursor = rows.GetRowCursor([]);
        long count = 0;
        while (cursor.MoveNext())
            count++;
        return FormattableString.Invariant($"{count}");
    }
}
