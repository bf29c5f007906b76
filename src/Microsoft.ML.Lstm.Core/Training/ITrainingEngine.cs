using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// What trains and runs a network: the seam behind which the managed engine and others stand. The loop, the doctor and the checkpoints know no
/// engine by its type; <see cref="TrainingEngine"/> makes one. Every engine passes the conformance suite.
/// <list type="bullet">
/// <item>Weights, gradients and the optimiser's state cross the seam in host memory, in the layout of <see cref="Parameters"/>; gaps are 0. So
/// they move between engines, files and processes.</item>
/// <item>A step is one call, <see cref="TrainStep"/>, or two, <see cref="ComputeGradient"/> and <see cref="ApplyGradient"/>, between which the
/// gradient may be reduced across shards and processes. What crosses there is a sum, of the loss and of the gradient, with its weight; the
/// division by the weight comes once, after the reduction and before clipping.</item>
/// <item>What a step found is read later, by <see cref="ReadSteps"/>, so that an engine on a device need not wait for it in every step.</item>
/// <item>One thread at a time: a call while another is under way throws <see cref="InvalidOperationException"/>, a call after
/// <see cref="IDisposable.Dispose"/> throws <see cref="ObjectDisposedException"/>.</item>
/// </list>
/// An engine that lets its layers be looked at implements <see cref="ILayerProbe"/> beside this.
/// </summary>
public interface ITrainingEngine : IDisposable
{
    /// <summary>The network's architecture.</summary>
    NetworkSpec Spec { get; }

    /// <summary>What the engine was made with.</summary>
    EngineOptions Options { get; }

    /// <summary>Names, shapes and places of the parameters in the block.</summary>
    ParameterLayout Parameters { get; }

    /// <summary>Optimiser updates made so far, as of the last <see cref="ReadSteps"/>; part of the optimiser's state.</summary>
    long UpdateCount { get; }

    /// <summary>Whether the recurrent state at the end of a batch begins the next, until <see cref="ResetState"/>.</summary>
    bool IsStateful { get; }

    /// <summary>Whether a stateful engine carries a state for each shard, as <c>"state.1"</c> and so on beside <c>"state"</c> in <see cref="ExportState"/>. Default: false.</summary>
    bool CarriesStateOfShards => false;

    /// <summary>How many steps may be begun before their results must be read: 1 where they are at hand after each step.</summary>
    int MostUnreadSteps { get; }

    /// <summary>Forward, loss, backward, clip and update on one batch; its result is the next that <see cref="ReadSteps"/> gives.</summary>
    /// <param name="batch">Inputs and targets; free to be filled again when the call returns.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="cancellationToken">
    /// Looked at on the way. A cancelled step changes neither weights nor the optimiser's state and has no result; a carried state is undefined
    /// until <see cref="ResetState"/>.
    /// </param>
    /// <remarks>When the loss or the gradient is not finite, weights and optimiser state stay as they were, and the update does not count.</remarks>
    /// <exception cref="InvalidOperationException"><see cref="MostUnreadSteps"/> results are unread.</exception>
    void TrainStep(SequenceBatch batch, float learningRate, CancellationToken cancellationToken = default);

    /// <summary>
    /// The first half of a step: loss and gradient of the batch as sums, ∂(Σ wᵢ·lossᵢ)/∂w. Changes nothing but the carried state.
    /// </summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="gradient">Receives the gradient: <see cref="ParameterLayout.BlockLength"/> floats, overwritten.</param>
    /// <param name="shard">
    /// Which shard of a batch that is spread over several calls this is: the shards of one update draw their dropout independently. 0 draws as
    /// <see cref="TrainStep"/> does. An engine that carries state takes shard 0 alone, unless <see cref="CarriesStateOfShards"/>.
    /// </param>
    /// <param name="cancellationToken">As for <see cref="TrainStep"/>.</param>
    LossSum ComputeGradient(SequenceBatch batch, Span<float> gradient, int shard = 0, CancellationToken cancellationToken = default);

    /// <summary>
    /// The second half of a step: divides the gradient by the loss' weight, clips and updates; the result is read as that of <see cref="TrainStep"/>.
    /// </summary>
    /// <param name="gradient">The gradient of the sum, as <see cref="ComputeGradient"/> gave it or a sum of several.</param>
    /// <param name="loss">The sums that it is the gradient of.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    void ApplyGradient(ReadOnlySpan<float> gradient, LossSum loss, float learningRate);

    /// <summary>
    /// What the steps since the last call found, in their order; waits for them. An engine on a device fetches them all at once.
    /// </summary>
    /// <param name="results">Room for at least <see cref="MostUnreadSteps"/>.</param>
    /// <returns>How many there were.</returns>
    int ReadSteps(Span<StepResult> results);

    /// <summary>The loss on a batch, without dropout and without changing anything but the carried state of a stateful engine.</summary>
    LossSum Evaluate(SequenceBatch batch, CancellationToken cancellationToken = default);

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

    /// <summary>
    /// Everything besides the weights that the next step depends on: optimiser moments under PyTorch's names, each in the layout of
    /// <see cref="Parameters"/>, and the carried state as <c>"state"</c>: the number of streams, then h and for LSTM cells c of each layer, [streams, H].
    /// </summary>
    IReadOnlyDictionary<string, float[]> ExportState();

    /// <summary>Restores what <see cref="ExportState"/> gave, so that the next step is bit-identical.</summary>
    /// <exception cref="ArgumentException">Something is missing or of another size.</exception>
    void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount);
}
