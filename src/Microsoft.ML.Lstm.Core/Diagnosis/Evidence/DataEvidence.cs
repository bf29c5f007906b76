namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>What the training data is like, in the values that the network sees.</summary>
internal sealed record DataEvidence
{
    /// <summary>Examples to train on.</summary>
    public required long ExampleCount { get; init; }

    /// <summary>Numbers or classes to be learned.</summary>
    public required long TargetCount { get; init; }

    /// <summary>Each numeric input.</summary>
    public required IReadOnlyList<ColumnSummary> Features { get; init; }

    /// <summary>Each numeric target.</summary>
    public required IReadOnlyList<ColumnSummary> Targets { get; init; }

    /// <summary>Whether the steps have tokens, and all are the same.</summary>
    public required bool HasOneToken { get; init; }

    /// <summary>Labels of each class, weights disregarded; empty unless the task is to tell classes.</summary>
    public required IReadOnlyList<double> ClassCounts { get; init; }

    /// <summary>What the labels of each class count in the loss, by example and class weights.</summary>
    public required IReadOnlyList<double> ClassWeights { get; init; }

    /// <summary>Loss of the best constant prediction; NaN when it cannot be told.</summary>
    public required double Baseline { get; init; }

    /// <summary>Where the label stands among the inputs; null when it does not.</summary>
    public required LabelLeak? Leak { get; init; }
}
