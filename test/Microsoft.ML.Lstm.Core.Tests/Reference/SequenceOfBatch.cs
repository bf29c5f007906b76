using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>One sequence of a batch, and what the reference network needs to run it.</summary>
internal sealed record SequenceOfBatch(SequenceBatch Batch, int Position, ReferenceMasks Masks, ReferenceState[][]? Initial, double[] Features)
{
    /// <summary>The batch's row of each step, first step first.</summary>
    public int[] Rows { get; } = [.. Enumerable.Range(0, Batch.Lengths[Position]).Select(t => Batch.Row(Position, t))];
}
