namespace Microsoft.ML.Lstm;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were run.</summary>
    Completed,

    /// <summary>The most updates allowed were made.</summary>
    MaximumSteps,

    /// <summary>The loss had not improved for <see cref="Training.TrainingOptions.Patience"/> epochs.</summary>
    EarlyStopping,

    /// <summary>It was cancelled, and <see cref="Training.TrainingOptions.KeepWeightsOnCancellation"/> was set.</summary>
    Cancelled,
}
