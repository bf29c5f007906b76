using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What a training is about to do.</summary>
public sealed record TrainingStart
{
    /// <summary>What is trained.</summary>
    public required ITrainingEngine Engine { get; init; }

    /// <summary>How.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What is trained on, without what is held out; a sample of it, where the processes that train together hold a share
    /// each.</summary>
    public required IExampleSource Training { get; init; }

    /// <summary>What is validated on, or a sample as of <see cref="Training"/>; null: nothing.</summary>
    public required IExampleSource? Validation { get; init; }

    /// <summary>Updates of the whole training, unless it stops early.</summary>
    public required long PlannedSteps { get; init; }
}
