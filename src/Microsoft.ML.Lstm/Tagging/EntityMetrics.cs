namespace Microsoft.ML.Lstm;

/// <summary>How well entities were found: an entity counts as found when its first step, its last step and its type are all right.</summary>
/// <param name="LabelledCount">Entities that the labels have.</param>
/// <param name="PredictedCount">Entities that the predictions have.</param>
/// <param name="CorrectCount">Entities that both have.</param>
public sealed record EntityMetrics(long LabelledCount, long PredictedCount, long CorrectCount)
{
    /// <summary>Fraction of the predicted entities that are right; 0 if none was predicted.</summary>
    public double Precision => PredictedCount == 0 ? 0 : (double)CorrectCount / PredictedCount;

    /// <summary>Fraction of the labelled entities that were found; 0 if there is none.</summary>
    public double Recall => LabelledCount == 0 ? 0 : (double)CorrectCount / LabelledCount;

    /// <summary>Harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; 0 if both are.</summary>
    public double F1 => CorrectCount == 0 ? 0 : 2.0 * CorrectCount / (LabelledCount + PredictedCount);

    /// <summary>The figures on one line, in invariant culture.</summary>
    public override string ToString() => Invariant($"precision {Precision:P2}, recall {Recall:P2}, F1 {F1:P2}");
}
