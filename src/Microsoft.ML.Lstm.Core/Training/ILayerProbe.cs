using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>An engine that lets its layers be looked at; without it a doctor sees the predictions alone.</summary>
public interface ILayerProbe
{
    /// <summary>
    /// A pass forward and back that no training depends on: no dropout, no carried state, no update. What goes back is the loss at each sequence's
    /// last output alone.
    /// </summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="outputs">Receives the raw outputs, as <see cref="ITrainingEngine.Predict"/> gives them.</param>
    /// <param name="loss">The batch's loss, of all outputs.</param>
    /// <returns>The layers, by layer, then direction.</returns>
    IReadOnlyList<LayerObservation> Probe(SequenceBatch batch, Span<float> outputs, out LossSum loss);
}
