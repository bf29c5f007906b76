namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Metrics, tags and entities of a tagger.</summary>
internal static class TagSections
{
    public static (string Task, string Lead, IReadOnlyList<ReportSection> Sections) Of(MLContext mlContext, IDataView scored,
        RecurrentReportOptions options)
    {
        var counts = new ConfusionCounts(mlContext, scored, options.LabelColumnName, options.PredictedLabelColumnName);
        if (counts.Total == 0)
            return ("Tags", "No step has a label, so that nothing could be measured.",
                [new ReportSection("Metrics").Notice("No step has a label; expected some, to compare predictions with.")]);
        TaggingMetrics metrics = mlContext.MulticlassClassification.EvaluateTags(scored, options.LabelColumnName,
            options.PredictedLabelColumnName);
        var section = new ReportSection("Metrics");
        if (counts.Accuracy <= counts.Commonest)
            section.Notice(Invariant($"It is right as often as always saying '{counts.Classes[0]}' would be, or less: train longer, on more sequences, or on columns that tell more."));
        section.Table("On sequences held out", ["metric", "value"],
        [
            ["accuracy", Invariant($"{100 * metrics.TokenAccuracy:F1} %")],
            ["mean recall of tags", Invariant($"{100 * counts.MeanRecall:F1} %")],
            ["share of the commonest tag", Invariant($"{100 * counts.Commonest:F1} %")], ["steps", Invariant($"{metrics.TokenCount}")],
        ]);
        if (metrics.Entities is { } all)
            section.Text("Entities as CoNLL-2003 defines them: found if first step, last step and type are all right.")
                .Table("Entities", ["entity", "labelled", "predicted", "right", "precision", "recall", "F1"],
                    metrics.PerEntity.Select(entity => Row(entity.Key, entity.Value)).Append(Row("all", all)));
        string found = metrics.Entities is { } entities ? Invariant($", and entities are found with an F1 of {100 * entities.F1:F1} %")
            : "";
        return ("Tags", Invariant($"{100 * metrics.TokenAccuracy:F1} % of {Plural.Of(metrics.TokenCount, "step")} that were held out are right{found}."),
            [section, counts.AddTo(new ReportSection("Tags"), options.MaximumClasses, "steps")]);

        static IReadOnlyList<string> Row(string name, EntityMetrics entity) =>
        [
            name, Invariant($"{entity.LabelledCount}"), Invariant($"{entity.PredictedCount}"), Invariant($"{entity.CorrectCount}"),
            Invariant($"{100 * entity.Precision:F1} %"), Invariant($"{100 * entity.Recall:F1} %"), Invariant($"{100 * entity.F1:F1} %"),
        ];
    }
}
