namespace Microsoft.ML.Lstm;

/// <summary>
/// The loss or the gradient of a step was NaN or infinite. The engine keeps the weights from before that step.
/// </summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TrainingDivergedException(string message, long step, float learningRate) : base(message) => (Step, LearningRate) = (step, learningRate);

    /// <summary>The step that failed, from 1.</summary>
    public long Step { get; }

    /// <summary>Its learning rate.</summary>
    public float LearningRate { get; }
}
