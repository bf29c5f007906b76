namespace Microsoft.ML.Lstm.Export;

/// <summary>What a model predicts, as values of a graph.</summary>
/// <param name="Outputs">Values in the labels' unit, or logits: [B, O], or [B, T, O] where each step has a prediction.</param>
/// <param name="Scores">The same, with probabilities in place of logits.</param>
/// <param name="Final">The layers' final states.</param>
internal sealed record ExportedPrediction(string Outputs, string Scores, IReadOnlyList<LayerState> Final);
