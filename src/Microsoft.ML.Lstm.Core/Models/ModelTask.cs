namespace Microsoft.ML.Lstm;

/// <summary>What a trained model predicts.</summary>
public enum ModelTask
{
    /// <summary>One or several values, or one for each step.</summary>
    Regression,

    /// <summary>Whether something holds of a sequence.</summary>
    BinaryClassification,

    /// <summary>Which of several classes a sequence is of.</summary>
    MulticlassClassification,

    /// <summary>Which of several classes each step is of.</summary>
    Tagging,

    /// <summary>The token that comes next.</summary>
    LanguageModel,
}
