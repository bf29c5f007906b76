namespace Microsoft.ML.Lstm.Models;

/// <summary>What a model predicts of one sequence. Valid as long as the buffer that the outputs lie in.</summary>
/// <param name="model">The model.</param>
/// <param name="outputs">The network's outputs: values in the labels' unit, or logits: [O], or [steps, O].</param>
internal readonly ref struct ScoredSequence(RecurrentModel model, ReadOnlySpan<float> outputs)
{
    /// <summary>Values in the labels' unit, or logits: [O], or [steps, O].</summary>
    public ReadOnlySpan<float> Outputs { get; } = outputs;

    /// <summary>The class, from 0; −1 if the outputs are NaN. Of a binary classifier 1 is true.</summary>
    /// <param name="step">The step, where each has a prediction.</param>
    public int Class(int step = 0) => model.Head.Class(Outputs.Slice(step * model.Spec.OutputSize, model.Spec.OutputSize));

    /// <summary>Writes what the outputs mean, values or probabilities, as many as there are outputs.</summary>
    public void WriteScores(Span<float> destination) => model.Head.Convert(Outputs, destination);
}
