namespace Microsoft.ML.Lstm.Sequences;

public sealed partial class SequenceDataset
{
    void IExampleSource.Fill(SequenceBatch batch, ReadOnlySpan<int> examples) => Fill(batch, examples);

    /// <summary>Packs examples, scaled, into a batch; their order there is the batch's own. Allocates nothing once the batch has grown.</summary>
    /// <param name="batch">The batch to fill.</param>
    /// <param name="examples">Which examples.</param>
    /// <param name="firstStep">Where in each example to begin.</param>
    /// <param name="stepCount">At most how many steps to take of each.</param>
    /// <exception cref="ArgumentException">A part of an example is asked for whose target belongs to the whole.</exception>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> examples, int firstStep = 0, int stepCount = int.MaxValue)
    {
        Span<int> lengths = examples.Length <= 1024 ? stackalloc int[examples.Length] : new int[examples.Length];
        for (int i = 0; i < examples.Length; i++)
        {
            lengths[i] = Math.Min(Length(examples[i]) - firstStep, stepCount);
            if (lengths[i] != Length(examples[i]) && !Shape.TargetEveryStep && Shape.Target != TargetKind.None)
                throw new ArgumentException(Invariant($"Steps {firstStep} … of example {examples[i]} were asked for; expected the whole example, since its target is."), nameof(firstStep));
        }
        batch.Reset(lengths, Shape.FeatureSize, Shape.HasTokens, _targets is null ? 0 : Shape.TargetSize, Shape.TargetEveryStep && Shape.Target != TargetKind.None);
        for (int position = 0; position < examples.Length; position++)
            Place(batch, position, Entries[examples[batch.Order[position]]], firstStep);
        FeatureScaling?.Apply(batch.Features, batch.Features);
        TargetScaling?.Apply(batch.Targets, batch.Targets);
    }

    private void Place(SequenceBatch batch, int position, ExampleEntry entry, int firstStep)
    {
        if (firstStep > 0)
            entry = Advance(entry, firstStep);
        int length = batch.Lengths[position];
        batch.Weights[position] = entry.Weight;
        if (_features is not null)
            Scatter(batch, position, length, _features.Rows(entry.Features, length), batch.Features, _features.Width);
        if (_tokens is not null)
            Scatter(batch, position, length, _tokens.Rows(entry.Tokens, length), batch.Tokens, 1);
        int size = Shape.TargetSize;
        if (Shape.TargetEveryStep)
        {
            if (_targets is not null)
                Scatter(batch, position, length, _targets.Rows(entry.Targets, length * size), batch.Targets, size);
            if (_classes is not null)
                Scatter(batch, position, length, _classes.Rows(entry.Classes, length), batch.Classes, 1);
            return;
        }
        _targets?.Rows(entry.Targets, size).CopyTo(batch.Targets.Slice(position * size, size));
        if (_classes is not null)
            batch.Classes[position] = _classes.Rows(entry.Classes, 1)[0];
    }

    private static void Scatter<T>(SequenceBatch batch, int position, int length, ReadOnlySpan<T> rows, Span<T> destination, int width)
    {
        ReadOnlySpan<int> offsets = batch.Offsets;
        for (int step = 0; step < length; step++)
        {
            int row = offsets[step] + position;
            if (width == 1)
                destination[row] = rows[step];
            else
                rows.Slice(step * width, width).CopyTo(destination.Slice(row * width, width));
        }
    }
}
