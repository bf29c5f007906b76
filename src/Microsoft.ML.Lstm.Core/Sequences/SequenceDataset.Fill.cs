namespace Microsoft.ML.Lstm.Sequences;

public sealed partial class SequenceDataset
{
    [ThreadStatic]
    private static float[]? s_scratch;

    /// <summary>How windows and their targets are normalised before they are scaled; null: not at all.</summary>
    internal WindowTransform? Window { get; private init; }

    /// <summary>A view whose windows are normalised, each by itself. To be made before anything is measured.</summary>
    /// <exception cref="ArgumentException">The transform does not fit the shape.</exception>
    internal SequenceDataset WithWindow(WindowTransform? window)
    {
        window?.Validate(Shape.FeatureSize, Shape.TargetEveryStep);
        window?.ValidateLinear(_entries.Count == 0 ? null : _entries.Min(entry => entry.Length) * Shape.FeatureSize / window.RowSize, Shape.TargetSize);
        return new SequenceDataset(this, _entries) { Window = window is { IsIdentity: false } ? window : null };
    }

    /// <summary>A view with the scaling of this one, to whose targets no linear forecast is applied.</summary>
    internal SequenceDataset WithoutLinear() => new(this, _entries) { Window = Window is null ? null : Window with { Linear = null } };

    void IExampleSource.Fill(SequenceBatch batch, ReadOnlySpan<int> examples) => Fill(batch, examples);

    /// <summary>Features of an example, normalised but not scaled: [T, F].</summary>
    /// <param name="example">Which.</param>
    /// <param name="levels">Levels by <see cref="Window"/>; null exactly when that is.</param>
    /// <param name="buffer">What holds them if they are normalised; grows.</param>
    internal ReadOnlySpan<float> NormalizedFeatures(int example, WindowLevels? levels, ref float[] buffer)
    {
        ReadOnlySpan<float> window = Features(example);
        if (levels is null || !levels.Transform.ChangesWindows)
            return window;
        levels.Measure(window);
        Span<float> normalized = Reserve(ref buffer, window.Length);
        levels.Apply(window, normalized);
        return normalized;
    }

    /// <summary>Numeric targets of an example, normalised but not scaled; parameters as of <see cref="NormalizedFeatures"/>.</summary>
    internal ReadOnlySpan<float> NormalizedTargets(int example, WindowLevels? levels, ref float[] buffer)
    {
        ReadOnlySpan<float> targets = Targets(example);
        if (levels is null || !levels.Transform.ChangesTargets)
            return targets;
        levels.Measure(Features(example));
        Span<float> normalized = Reserve(ref buffer, targets.Length);
        levels.ApplyToTargets(targets, normalized);
        return normalized;
    }

    /// <summary>Packs examples, normalised and scaled, into a batch; their order there is the batch's own. Allocates nothing once the batch has grown.</summary>
    /// <param name="batch">The batch to fill.</param>
    /// <param name="examples">Which examples.</param>
    /// <param name="firstStep">Where in each example to begin.</param>
    /// <param name="stepCount">At most how many steps to take of each.</param>
    /// <exception cref="ArgumentException">A part of an example is asked for whose target belongs to the whole.</exception>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> examples, int firstStep = 0, int stepCount = int.MaxValue)
    {
        if (Share is not null)
        {
            FillFromHand(batch, examples, firstStep, stepCount);
            return;
        }
        Span<int> lengths = examples.Length <= 1024 ? stackalloc int[examples.Length] : new int[examples.Length];
        for (int i = 0; i < examples.Length; i++)
        {
            lengths[i] = Math.Min(Length(examples[i]) - firstStep, stepCount);
            if (lengths[i] != Length(examples[i]) && !Shape.TargetEveryStep && Shape.Target != TargetKind.None)
                throw new ArgumentException(Invariant($"Steps {firstStep} … of example {examples[i]} were asked for; expected the whole example, since its target is."), nameof(firstStep));
        }
        batch.Reset(lengths, Shape.FeatureSize, Shape.HasTokens, _targets is null ? 0 : Shape.TargetSize, Shape.TargetEveryStep && Shape.Target != TargetKind.None);
        WindowLevels? levels = Window is null ? null : new WindowLevels(Window);
        for (int position = 0; position < examples.Length; position++)
        {
            Place(batch, position, Entries[examples[batch.Order[position]]], firstStep);
            if (levels is not null)
                Normalize(batch, position, examples[batch.Order[position]], levels);
        }
        FeatureScaling?.Apply(batch.Features, batch.Features);
        TargetScaling?.Apply(batch.Targets, batch.Targets);
    }

    // Over what Place put there: whole windows alone can be normalised, and their targets belong to them.
    private void Normalize(SequenceBatch batch, int position, int example, WindowLevels levels)
    {
        int length = batch.Lengths[position], size = Shape.TargetSize;
        if (length != Length(example))
            throw new ArgumentException(Invariant($"{length} steps of example {example} were asked for; expected all {Length(example)}, since windows are normalised as a whole."));
        ReadOnlySpan<float> window = Features(example);
        levels.Measure(window);
        if (levels.Transform.ChangesWindows)
        {
            float[] scratch = s_scratch ??= [];
            Span<float> normalized = Reserve(ref scratch, window.Length);
            s_scratch = scratch;
            levels.Apply(window, normalized);
            Scatter<float>(batch, position, length, normalized, batch.Features, Shape.FeatureSize);
        }
        if (levels.Transform.ChangesTargets)
            levels.ApplyToTargets(Targets(example), batch.Targets.Slice(position * size, size));
    }

    private static Span<float> Reserve(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new float[length];
        return buffer.AsSpan(0, length);
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
