namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Metrics and confusion of a classifier.</summary>
internal static class ClassSections
{
    public static (string Task, string Lead, IReadOnlyList<ReportSection> Sections) Of(MLContext mlContext, IDataView scored,
        RecurrentReportOptions options)
    {
        var counts = new ConfusionCounts(mlContext, scored, options.LabelColumnName, options.PredictedLabelColumnName);
        var section = new ReportSection("Metrics");
        if (counts.Total == 0)
            return ("Classification", "No row has a label, so that nothing could be measured.",
                [section.Notice("No row has a label; expected some, to compare predictions with.")]);
        if (counts.Accuracy <= counts.Commonest)
            section.Notice(Invariant($"It is right as often as always saying '{counts.Classes[0]}' would be, or less: train longer, on more rows, or on columns that tell more."));
        section.Table("On rows held out", ["metric", "value"],
        [
            ["accuracy", Text(counts.Accuracy)], ["mean recall of classes", Text(counts.MeanRecall)],
            ["share of the commonest class", Text(counts.Commonest)], ["rows", Invariant($"{counts.Total}")],
        ]);
        return ("Classification",
            Invariant($"{100 * counts.Accuracy:F1} % of {Plural.Of(counts.Total, "row")} that were held out are right; the commonest class alone has {100 * counts.Commonest:F1} %."),
            [section, counts.AddTo(new ReportSection("Confusion"), options.MaximumClasses, "rows")]);

        static string Text(double share) => Invariant($"{100 * share:F1} %");
    }
}
