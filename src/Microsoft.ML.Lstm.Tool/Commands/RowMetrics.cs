using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>What predictions of held-out rows come to.</summary>
internal static class RowMetrics
{
    /// <summary>Of a regressor.</summary>
    public static (string Name, double Value)[] OfValues(IDataView scored, string label)
    {
        // Of a vector of one value and of a value alike: what is told apart here is what came and what was predicted.
        var rows = scored.GetColumn<float>(label).Zip(RowPredictions.Scores(scored)).Where(row => float.IsFinite(row.First)).ToArray();
        if (rows.Length == 0)
            return [("rows", 0)];
        double mean = rows.Average(row => (double)row.First), squared = rows.Average(row => Math.Pow((double)row.First - row.Second, 2));
        return
        [
            ("MAE", rows.Average(row => Math.Abs((double)row.First - row.Second))), ("RMSE", Math.Sqrt(squared)),
            ("R²", 1 - (squared / rows.Average(row => Math.Pow(row.First - mean, 2)))), ("rows", rows.Length),
        ];
    }

    /// <summary>Of a classifier whose predictions are texts.</summary>
    public static (string Name, double Value)[] OfClasses(IDataView scored, string label)
    {
        var rows = scored.GetColumn<string>(label).Zip(scored.GetColumn<string>(RowPredictions.Class)).ToArray();
        if (rows.Length == 0)
            return [("rows", 0)];
        return
        [
            ("accuracy", rows.Average(row => row.First == row.Second ? 1.0 : 0)),
            // Of a class as of another, however rare: always to say the commonest gives one over their number.
            ("mean recall of classes", rows.GroupBy(row => row.First)
                .Average(same => same.Average(row => row.First == row.Second ? 1.0 : 0))),
            ("share of the commonest class", rows.GroupBy(row => row.First).Max(same => same.Count()) / (double)rows.Length),
            ("rows", rows.Length),
        ];
    }

    /// <summary>Of a tagger.</summary>
    public static (string Name, double Value)[] OfTags(MLContext ml, IDataView scored)
    {
        TaggingMetrics metrics = ml.MulticlassClassification.EvaluateTags(scored, TagColumns.Key);
        (string, double)[] entities = metrics.Entities is { } all
            ? [("entity precision", all.Precision), ("entity recall", all.Recall), ("entity F1", all.F1)] : [];
        return [("accuracy", metrics.TokenAccuracy), .. entities, ("steps", metrics.TokenCount)];
    }

    /// <summary>Of a language model.</summary>
    public static (string Name, double Value)[] OfText(LanguageModelMetrics metrics) =>
        [("perplexity", metrics.Perplexity), ("bits per token", metrics.CrossEntropy / Math.Log(2)), ("tokens", metrics.TokenCount),
            ("unknown tokens", metrics.UnknownTokenCount)];
}
