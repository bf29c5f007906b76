using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>One batch after the other, for the loop: by this process alone, or by several.</summary>
internal interface ITrainingSteps
{
    /// <summary>Makes the update of a batch; its result is the engine's next.</summary>
    /// <returns>Sequences of the batch.</returns>
    int Train(BatchOrder order, int batch, float learningRate, CancellationToken cancellationToken);

    /// <summary>The engine's state for a checkpoint, with what other processes carry.</summary>
    IReadOnlyDictionary<string, float[]> ExportState();

    /// <summary>The loss on all batches, added up in their order.</summary>
    LossSum Evaluate(BatchOrder order, CancellationToken cancellationToken);
}
