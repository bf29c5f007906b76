using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Options without the defaults that make training robust, so that a test sees what it asks for alone.</summary>
internal static class Plain
{
    /// <summary>No clipping.</summary>
    public static readonly EngineOptions Engine = new() { ClipNorm = null };

    /// <summary>Twenty epochs, no validation, no early stopping.</summary>
    public static readonly TrainingOptions Training = new() { Epochs = 20, ValidationFraction = 0, Patience = null };
}
