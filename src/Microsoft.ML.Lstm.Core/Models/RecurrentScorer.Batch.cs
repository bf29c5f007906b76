using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentScorer
{
    // As many rows as keep the kernels busy; more would only take memory.
    private const int MostSequences = 64;

    /// <summary>Scores many sequences, side by side; each has the bits that it has alone.</summary>
    internal void ScoreBatch(IReadOnlyList<float[]>? features, IReadOnlyList<int[]>? tokens, float[][] scores)
    {
        for (int i = 0; i < scores.Length; i++)
            Model.RequireSequence(features?[i], tokens?[i]);
        if (_nextToken is not null)
        {
            for (int i = 0; i < scores.Length; i++)
                scores[i] = Score([], tokens![i]).ToArray();
            return;
        }
        List<int> chosen = [];
        for (int i = 0; i < scores.Length; i++)
        {
            if (CanScore(CountSteps(features, tokens, i), features?[i]))
                chosen.Add(i);
            else
                scores[i] = Score(features?[i], tokens?[i]).ToArray();
            if (chosen.Count != MostSequences && (i < scores.Length - 1 || chosen.Count == 0))
                continue;
            ScoreChosen(features, tokens, chosen, scores);
            chosen.Clear();
        }
    }

    private int CountSteps(IReadOnlyList<float[]>? features, IReadOnlyList<int[]>? tokens, int i) =>
        Spec.InputSize > 0 ? features![i].Length / Spec.InputSize : tokens![i].Length;

    private void ScoreChosen(IReadOnlyList<float[]>? features, IReadOnlyList<int[]>? tokens, List<int> chosen, float[][] scores)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        int[] lengths = [.. chosen.Select(i => CountSteps(features, tokens, i))];
        PassMemory.Require(Spec, lengths.Sum(length => (long)length), forTraining: false, "The batch to score");
        _batch.Reset(lengths, Spec.InputSize, Spec.VocabularySize > 0);
        for (int position = 0; position < lengths.Length; position++)
            Place(position, features?[chosen[_batch.Order[position]]], tokens?[chosen[_batch.Order[position]]]);
        Model.FeatureScaling?.Apply(_batch.Features, _batch.Features);
        bool everyStep = Spec.Output == OutputPosition.EveryStep;
        float[] outputs = new float[checked((everyStep ? _batch.RowCount : lengths.Length) * Spec.OutputSize)];
        _session.Score(_batch, outputs);
        for (int position = 0; position < lengths.Length; position++)
        {
            int i = chosen[_batch.Order[position]];
            int steps = everyStep ? _batch.Lengths[position] : 1;
            Span<float> own = Reserve(steps * Spec.OutputSize);
            for (int step = 0; step < steps; step++)
                outputs.AsSpan((everyStep ? _batch.Row(position, step) : position) * Spec.OutputSize, Spec.OutputSize).CopyTo(own[(step * Spec.OutputSize)..]);
            if (features is not null)
                _levels?.Measure(features[i]);
            Undo(own);
            scores[i] = Scores().ToArray();
        }
        LetGoOfMuch(_batch.RowCount);
    }

    private void Place(int position, ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        Grow(ref _scores, features.Length);
        Span<float> normalized = _scores.AsSpan(0, features.Length);
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
