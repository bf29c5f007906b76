using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Metrics and residuals of a regressor, output by output.</summary>
internal static class ValueSections
{
    private const int MostPoints = 300, MostOutputs = 50;

    public static (string Task, string Lead, IReadOnlyList<ReportSection> Sections) Of(MLContext mlContext, IDataView scored,
        RecurrentReportOptions options)
    {
        (double Came, double Said)[][] outputs = Read(mlContext, scored, options);
        var section = new ReportSection("Metrics");
        if (outputs.Sum(rows => rows.Length) == 0)
            return ("Regression", "No row has a label, so that nothing could be measured.",
                [section.Notice("No row has a label; expected some, to compare predictions with.")]);
        Errors[] errors = [.. outputs.Select(Measure)];
        double mae = errors.Average(one => one.Mae), naive = errors.Average(one => one.OfMean);
        if (mae >= naive)
            section.Notice("Its error is that of always saying the mean of these rows, or larger: train longer, on more rows, or on columns that tell more.");
        section.Table(outputs.Length > MostOutputs ? Invariant($"On rows held out, the first {MostOutputs} of {outputs.Length} outputs")
            : "On rows held out",
            ["output", "MAE", "RMSE", "R²", "MAE of the mean", "rows"], errors.Take(MostOutputs).Select((one, i) => (IReadOnlyList<string>)[
                outputs.Length == 1 ? options.LabelColumnName
                    : Invariant($"{i + 1}"), Text(one.Mae), Text(one.Rmse), Text(one.R2), Text(one.OfMean),
                    Invariant($"{outputs[i].Length}")]));
        return ("Regression",
            Invariant($"Mean absolute error {mae:G4} over {Plural.Of(outputs[0].Length, "row")} that were held out; always saying their mean has {naive:G4}."), [section, Residuals(outputs[0])]);

        static string Text(double value) => double.IsNaN(value) ? "" : Invariant($"{value:G4}");
    }

    private static ReportSection Residuals((double Came, double Said)[] rows)
    {
        var section = new ReportSection("Residuals");
        if (rows.Length < 2)
            return section.Text("There are too few to show.");
        double mean = rows.Average(row => row.Came - row.Said),
            spread = Math.Sqrt(rows.Average(row => Math.Pow(row.Came - row.Said - mean, 2)));
        section.Text(Invariant($"What came less the prediction: mean {mean:G3}, standard deviation {spread:G3}. A mean far from zero is a bias."));
        (double Came, double Said)[] ordered = [.. rows.OrderBy(row => row.Came)];
        int shown = Math.Min(MostPoints, ordered.Length);
        var points = Enumerable.Range(0, shown).Select(i => ordered[(int)((long)i * ordered.Length / shown)]).ToArray();
        return section.Chart(new ReportChart
        {
            Caption = "What came, from the least to the most, and what was predicted for it.",
            XTitle = "rows, ordered by what came",
            Lines = [new ReportLine("what came", [.. points.Select((row, i) => (i + 1.0, row.Came))], IsQuiet: true),
                new ReportLine("prediction", [.. points.Select((row, i) => (i + 1.0, row.Said))])],
        });
    }

    private static (double Came, double Said)[][] Read(MLContext mlContext, IDataView scored, RecurrentReportOptions options)
    {
        IExceptionContext context = mlContext.Data.GetEnvironment();
        DataViewSchema.Column label = SchemaMismatch.Find(context, scored.Schema, "label", options.LabelColumnName),
            score = SchemaMismatch.Find(context, scored.Schema, "score", options.ScoreColumnName);
        foreach ((DataViewSchema.Column column, string role) in (ReadOnlySpan<(DataViewSchema.Column, string)>)[(label, "label"),
            (score, "score")])
            if (!((column.Type as VectorDataViewType)?.ItemType ?? column.Type).Equals(NumberDataViewType.Single))
                throw SchemaMismatch.IllTyped(context, role, column.Name, "Single or Vector<Single>", column.Type.ToString()!);
        var outputs = new List<List<(double, double)>>();
        using DataViewRowCursor cursor = scored.GetRowCursor([label, score]);
        NumberReader labels = new(cursor, label), scores = new(cursor, score);
        while (cursor.MoveNext())
        {
            ReadOnlySpan<float> came = labels.Read(), said = scores.Read();
            for (int i = 0; i < Math.Min(came.Length, said.Length); i++)
            {
                if (i == outputs.Count)
                    outputs.Add([]);
                if (float.IsFinite(came[i]) && float.IsFinite(said[i]))
                    outputs[i].Add((came[i], said[i]));
            }
        }
        return [.. outputs.Select(rows => rows.ToArray())];
    }

    private static Errors Measure((double Came, double Said)[] rows)
    {
        if (rows.Length == 0)
            return new Errors(double.NaN, double.NaN, double.NaN, double.NaN);
        double mean = rows.Average(row => row.Came), squared = rows.Average(row => Math.Pow(row.Came - row.Said, 2));
        return new Errors(rows.Average(row => Math.Abs(row.Came - row.Said)), Math.Sqrt(squared),
            1 - (squared / rows.Average(row => Math.Pow(row.Came - mean, 2))), rows.Average(row => Math.Abs(row.Came - mean)));
    }

    private readonly record struct Errors(double Mae, double Rmse, double R2, double OfMean);
}
