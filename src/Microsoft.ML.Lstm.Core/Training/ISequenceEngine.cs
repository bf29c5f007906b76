using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// What trains and runs a network: the seam behind which the managed engine and others stand. Not thread-safe.
/// <para>Weights and optimiser state cross the seam in the layout of <see cref="Parameters"/>, so they move between engines.</para>
/// </summary>
public interface ISequenceEngine : IDisposable
{
    /// <summary>The network's architecture.</summary>
    NetworkSpec Spec { get; }

    /// <summary>Names, shapes and places of the parameters in the block.</summary>
    ParameterLayout Parameters { get; }

    /// <summary>Optimiser updates made so far; part of the optimiser's state.</summary>
    long UpdateCount { get; }

    /// <summary>Whether the recurrent state at the end of a batch begins the next, until <see cref="ResetState"/>.</summary>
    bool IsStateful { get; }

    /// <summary>
    /// What the engine trains with, which a checkpoint keeps so that no other training resumes from it; null: nothing is said, and nothing compared.
    /// </summary>
    EngineOptions? Options => null;

    /// <summary>Forward, loss, backward, clip and update on one batch.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <remarks>When the loss or the gradient is not finite the weights stay as they were.</remarks>
    StepResult TrainStep(SequenceBatch batch, float learningRate);

    /// <summary>The loss on a batch, without dropout and without changing anything but the carried state of a stateful engine.</summary>
    LossSum Evaluate(SequenceBatch batch);

    /// <summary>
    /// The raw outputs (logits for the cross-entropies), without dropout: [sequences, O] in the batch's own (sorted) order, or [rows, O]
    /// in packed order when every step has an output.
    /// </summary>
    void Predict(SequenceBatch batch, Span<float> outputs);

    /// <summary>Returns a stateful engine to the initial state.</summary>
    void ResetState();

    /// <summary>Copies the weights out; <paramref name="block"/> has <see cref="ParameterLayout.BlockLength"/> floats.</summary>
    void ExportWeights(Span<float> block);

    /// <summary>Replaces the weights.</summary>
    void ImportWeights(ReadOnlySpan<float> block);

    /// <summary>Everything besides the weights that the next step depends on: optimiser moments, update count, carried state.</summary>
    IReadOnlyDictionary<string, float[]> ExportState();

    /// <summary>Restores what <see cref="ExportState"/> gave, so that the next step is bit-identical.</summary>
    void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount);
}
