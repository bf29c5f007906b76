using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Given dropout factors: 0, or 1 / (1 − rate). Rows are the batch's packed rows, positions its sorted positions.</summary>
/// <param name="Embedding">On a token's whole embedding: [V].</param>
/// <param name="Input">On what enters the first layer: row → [embedding + features].</param>
/// <param name="Layers">On the outputs of each layer but the last: layer → row → [H · directions].</param>
/// <param name="Recurrent">On h inside the recurrent product: layer · directions + direction → position → [H].</param>
/// <param name="Output">On what the output layer reads: output row → [top].</param>
internal sealed record ReferenceMasks(double[] Embedding, double[][] Input, double[][][] Layers, double[][][] Recurrent, double[][] Output)
{
    /// <summary>Masks that drop each value with probability <paramref name="rate"/>; all ones at 0.</summary>
    public static ReferenceMasks Draw(NetworkSpec spec, SequenceBatch batch, double rate, Random random)
    {
        int rows = batch.RowCount, outputs = spec.Output == OutputPosition.EveryStep ? rows : batch.SequenceCount;
        return new ReferenceMasks(
            Vector(spec.VocabularySize),
            Matrix(rows, spec.StepSize),
            [.. spec.HiddenSizes.SkipLast(1).Select(units => Matrix(rows, units * spec.Directions))],
            [.. spec.HiddenSizes.SelectMany(units => Enumerable.Range(0, spec.Directions).Select(_ => Matrix(batch.SequenceCount, units)))],
            Matrix(outputs, spec.TopSize));

        double[][] Matrix(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => Vector(size))];

        double[] Vector(int size) => [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() < rate ? 0 : 1 / (1 - rate))];
    }
}
