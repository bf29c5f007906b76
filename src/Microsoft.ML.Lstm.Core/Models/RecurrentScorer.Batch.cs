using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentScorer
{
    private int[] _chosen = [], _lengths = [];
    private float[] _normalized = [];

    /// <summary>Scores sequences start … end − 1 of a block, side by side; each has the bits that it has alone.</summary>
    internal void Run(SequenceBlock block, int start, int end)
    {
        if (_nextToken is not null)
        {
            for (int i = start; i < end; i++)
                Run([], block.Tokens(i)).CopyTo(block.Outputs(i));
            return;
        }
        using ExclusiveUse.Lease use = _use.Begin();
        int count = Choose(block, start, end);
        if (count == 0)
            return;
        PassMemory.Require(Spec, Rows(count), forTraining: false, "The batch to score");
        _batch.Reset(_lengths.AsSpan(0, count), Spec.InputSize, Spec.VocabularySize > 0);
        for (int position = 0; position < count; position++)
            Place(position, block.Features(_chosen[_batch.Order[position]]), block.Tokens(_chosen[_batch.Order[position]]));
        Model.FeatureScaling?.Apply(_batch.Features, _batch.Features);
        bool everyStep = Spec.Output == OutputPosition.EveryStep;
        int size = Spec.OutputSize;
        Span<float> outputs = Reserve(checked((everyStep ? _batch.RowCount : count) * size));
        _session.Score(_batch, outputs);
        for (int position = 0; position < count; position++)
        {
            int sequence = _chosen[_batch.Order[position]];
            Span<float> own = block.Outputs(sequence);
            for (int step = 0; step < own.Length / size; step++)
                outputs.Slice((everyStep ? _batch.Row(position, step) : position) * size, size).CopyTo(own[(step * size)..]);
            _levels?.Measure(block.Features(sequence));
            Undo(own);
        }
        LetGoOfMuch(_batch.RowCount);
    }

    // The sequences that can be scored; the outputs of the others are NaN.
    private int Choose(SequenceBlock block, int start, int end)
    {
        if (_chosen.Length < end - start)
            (_chosen, _lengths) = (new int[end - start], new int[end - start]);
        int count = 0;
        for (int i = start; i < end; i++)
        {
            if (CanScore(block.Length(i), block.Features(i)))
                (_chosen[count], _lengths[count++]) = (i, block.Length(i));
            else
                block.Outputs(i).Fill(float.NaN);
        }
        return count;
    }

    private long Rows(int count)
    {
        long rows = 0;
        foreach (int length in _lengths.AsSpan(0, count))
            rows += length;
        return rows;
    }

    private void Place(int position, ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        Grow(ref _normalized, features.Length);
        Span<float> normalized = _normalized.AsSpan(0, features.Length);
        Normalize(features, normalized);
        for (int step = 0; step < _batch.Lengths[position]; step++)
        {
            int row = _batch.Row(position, step);
            normalized.Slice(step * Spec.InputSize, Spec.InputSize).CopyTo(_batch.Features[(row * Spec.InputSize)..]);
            if (_batch.HasTokens)
                _batch.Tokens[row] = tokens[step];
        }
    }
}
