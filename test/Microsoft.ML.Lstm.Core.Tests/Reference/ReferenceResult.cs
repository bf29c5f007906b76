using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>What the reference network computes on a batch.</summary>
/// <param name="Outputs">Raw outputs, [output rows, O], as the engine's Predict gives them.</param>
/// <param name="Loss">The loss as a sum and a weight.</param>
/// <param name="Gradients">Of the mean loss, in the layout of the parameter block.</param>
/// <param name="InputGradients">Row → gradient of [embedding as looked up, features].</param>
/// <param name="FinalStates">layer · directions + direction → position → state after the last step read.</param>
internal sealed record ReferenceResult(
    double[] Outputs, LossSum Loss, double[] Gradients, double[][] InputGradients, ReferenceState[][] FinalStates);
