namespace Microsoft.ML.Lstm.Reporting;

/// <summary>What a report of a regressor, classifier or tagger shows.</summary>
public sealed class RecurrentReportOptions
{
    /// <summary>What it is called. Null: the task and the column of the label. Default: null.</summary>
    public string? Title { get; set; }

    /// <summary>Column of what was to be predicted, of the type that was trained on. Default: "Label".</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Column of predicted classes or tags, for classifiers and taggers. Default: "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>Column of predicted values, for regressors. Default: "Score".</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Classes in the confusion matrix at most; of more, the most frequent ones are told apart. Range: 2 or more. Default:
    /// 20.</summary>
    public int MaximumClasses { get; set; } = 20;
}
