using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>What a model predicts of the current row.</summary>
internal interface ISequenceScoring
{
    /// <summary>The prediction. NaN if the row's sequence is empty or holds NaN or an infinity. Valid until the next row.</summary>
    ScoredSequence Row();
}
