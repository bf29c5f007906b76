using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Examples to train or score on, in the order in which they were added. Sliding windows are never materialised: windows added one after
/// the other over a series cost the series once (see <see cref="StoredNumbers"/>), whatever their length and stride. Subsets, slices and
/// scaled forms are views that share the numbers. Adding is not thread-safe; reading is.
/// </summary>
public sealed partial class SequenceDataset : IExampleSource
{
    private readonly WindowStore<float>? _features;
    private readonly WindowStore<int>? _tokens;
    private readonly WindowStore<float>? _targets;
    private readonly WindowStore<int>? _classes;
    private readonly List<ExampleEntry> _entries;
    private readonly bool _isView;

    /// <summary>Creates an empty dataset.</summary>
    /// <exception cref="ArgumentException">The shape's parts do not fit together.</exception>
    public SequenceDataset(SequenceShape shape)
        : this(shape, findsOverlaps: true)
    {
    }

    private SequenceDataset(SequenceShape shape, bool findsOverlaps)
    {
        shape.Validate();
        Shape = shape;
        _entries = [];
        _features = shape.FeatureSize > 0 ? new(shape.FeatureSize, findsOverlaps) : null;
        _tokens = shape.HasTokens ? new(1, findsOverlaps) : null;
        _targets = shape.Target == TargetKind.Numbers ? new(1, findsOverlaps) : null;
        _classes = shape.Target == TargetKind.Class ? new(1, findsOverlaps) : null;
    }

    private SequenceDataset(SequenceDataset source, List<ExampleEntry> entries)
    {
        Shape = source.Shape;
        (_features, _tokens, _targets, _classes) = (source._features, source._tokens, source._targets, source._classes);
        (FeatureScaling, TargetScaling, LabelGap) = (source.FeatureScaling, source.TargetScaling, source.LabelGap);
        (Window, Share) = (source.Window, source.Share);
        _entries = entries;
        _isView = true;
    }

    /// <summary>What the examples have in common.</summary>
    public SequenceShape Shape { get; }

    /// <summary>Number of examples.</summary>
    public int Count => _entries.Count;

    /// <summary>Steps of all examples together; windows that overlap count each.</summary>
    public long StepCount
    {
        get
        {
            long steps = 0;
            foreach (ref readonly ExampleEntry entry in Entries)
                steps += entry.Length;
            return steps;
        }
    }

    /// <summary>Numbers, tokens and classes held in memory (four bytes each), beside 32 bytes per example.</summary>
    public long StoredNumbers => 0L + (_features?.Length ?? 0) + (_tokens?.Length ?? 0) + (_targets?.Length ?? 0) + (_classes?.Length ?? 0);

    /// <summary>What <see cref="Fill"/> scales features by; null: not at all.</summary>
    public FeatureScaling? FeatureScaling { get; private init; }

    /// <summary>What <see cref="Fill"/> scales numeric targets by; null: not at all.</summary>
    public FeatureScaling? TargetScaling { get; private init; }

    private ReadOnlySpan<ExampleEntry> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Steps of an example.</summary>
    public int Length(int example) => Entries[example].Length;

    /// <summary>Weight of an example.</summary>
    public float Weight(int example) => Entries[example].Weight;

    /// <summary>The series that an example was cut from.</summary>
    public int Series(int example) => Entries[example].Series;

    /// <summary>Features of an example as they were added: [T, F].</summary>
    public ReadOnlySpan<float> Features(int example)
    {
        RequireHeld(example);
        return _features is null ? [] : _features.Rows(Entries[example].Features, Length(example));
    }

    /// <summary>Tokens of an example: [T].</summary>
    public ReadOnlySpan<int> Tokens(int example)
    {
        RequireHeld(example);
        return _tokens is null ? [] : _tokens.Rows(Entries[example].Tokens, Length(example));
    }

    /// <summary>Numeric targets of an example as they were added: [H], or [T, H].</summary>
    public ReadOnlySpan<float> Targets(int example)
    {
        RequireHeld(example);
        return _targets is null ? [] : _targets.Rows(Entries[example].Targets, TargetRows(example) * Shape.TargetSize);
    }

    /// <summary>Classes of an example: one, or [T].</summary>
    public ReadOnlySpan<int> Classes(int example)
    {
        RequireHeld(example);
        return _classes is null ? [] : _classes.Rows(Entries[example].Classes, TargetRows(example));
    }

    /// <summary>Appends an example.</summary>
    /// <exception cref="ArgumentException">A part is missing, has a wrong length, or holds a value out of range.</exception>
    /// <exception cref="InvalidOperationException">The dataset is a view.</exception>
    public void Add(in SequenceExample example)
    {
        if (_isView)
            throw new InvalidOperationException("The dataset is a view of another; expected examples to be added to that one.");
        int length = CheckedLength(example);
        int targetRows = Shape.TargetEveryStep ? length : 1;
        RequireLength("Targets", example.Targets.Length, _targets is null ? 0 : checked(targetRows * Shape.TargetSize));
        RequireLength("Classes", example.Classes.Length, _classes is null ? 0 : targetRows);
        RequireAtLeast("Tokens", example.Tokens, 0);
        RequireAtLeast("Classes", example.Classes, -1);
        if (!(example.Weight >= 0 && float.IsFinite(example.Weight)))
            throw new ArgumentException(Invariant($"The weight of example {Count} is {example.Weight}; expected 0 or more and finite."), nameof(example));
        if (example.Series < 0)
            throw new ArgumentException(Invariant($"The series of example {Count} is {example.Series}; expected 0 or more."), nameof(example));
        _entries.Add(new ExampleEntry(
            length,
            _features?.Append(example.Features) ?? 0,
            _tokens?.Append(example.Tokens) ?? 0,
            _targets?.Append(example.Targets) ?? 0,
            _classes?.Append(example.Classes) ?? 0,
            example.Weight,
            example.Series,
            Count));
    }

    /// <summary>Gives back memory that was reserved for more examples.</summary>
    public void TrimExcess()
    {
        _features?.TrimExcess();
        _tokens?.TrimExcess();
        _targets?.TrimExcess();
        _classes?.TrimExcess();
        _entries.TrimExcess();
    }

    /// <summary>A view of some examples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public SequenceDataset Subset(ReadOnlySpan<int> examples)
    {
        var entries = new List<ExampleEntry>(examples.Length);
        foreach (int example in examples)
            entries.Add(_entries[example]);
        return new SequenceDataset(this, entries);
    }

    /// <summary>A view of <paramref name="count"/> examples from <paramref name="first"/> on.</summary>
    public SequenceDataset Range(int first, int count) => new(this, _entries.GetRange(first, count));

    /// <summary>A view of some steps of one example, as an example of its own.</summary>
    /// <exception cref="ArgumentException">The target belongs to the whole example, or there are no such steps.</exception>
    public SequenceDataset Slice(int example, int firstStep, int stepCount)
    {
        ExampleEntry entry = _entries[example];
        if (Shape.Target != TargetKind.None && !Shape.TargetEveryStep)
            throw new ArgumentException(Invariant($"Example {example} has one target for all its steps; expected one at every step, to cut it."), nameof(example));
        if (firstStep < 0 || stepCount < 1 || firstStep > entry.Length - stepCount)
            throw new ArgumentException(Invariant($"Steps {firstStep} … {firstStep + stepCount - 1} of example {example} were asked for; expected steps within 0 … {entry.Length - 1}."), nameof(firstStep));
        return new SequenceDataset(this, [Advance(entry, firstStep) with { Length = stepCount }]);
    }

    /// <summary>A view of the one long example as <paramref name="count"/> equally long, consecutive parts; a rest shorter than <paramref name="count"/> is left out.</summary>
    /// <exception cref="ArgumentException">There is not one example with a target at every step, or it is shorter than <paramref name="count"/>.</exception>
    public SequenceDataset CutIntoStreams(int count)
    {
        if (Count != 1)
            throw new ArgumentException(Invariant($"The dataset has {Plural.Of(Count, "example")}; expected 1 long one to cut into {Plural.Of(count, "stream")}."), nameof(count));
        int length = count > 0 ? Length(0) / count : 0;
        if (length < 1)
            throw new ArgumentException(Invariant($"The stream has {Plural.Of(Length(0), "step")} to be cut into {count} parts; expected at least one step in each."), nameof(count));
        var entries = new List<ExampleEntry>(count);
        for (int i = 0; i < count; i++)
            entries.Add(Slice(0, i * length, length)._entries[0]);
        return new SequenceDataset(this, entries);
    }

    /// <summary>A view that <see cref="Fill"/> scales.</summary>
    public SequenceDataset WithScaling(FeatureScaling? features, FeatureScaling? targets)
    {
        features?.RequireSize(Shape.FeatureSize, nameof(features));
        targets?.RequireSize(_targets is null ? 0 : Shape.TargetSize, nameof(targets));
        return new SequenceDataset(this, _entries) { FeatureScaling = features, TargetScaling = targets };
    }

    /// <summary>Rows of features that the examples cover, each once, however often windows overlap.</summary>
    internal List<(int Start, int Count)> CoveredFeatureRows()
    {
        ExampleEntry[] sorted = [.. _entries];
        Array.Sort(sorted, (a, b) => a.Features.CompareTo(b.Features));
        var ranges = new List<(int, int)>();
        int covered = 0;
        foreach (ExampleEntry entry in sorted)
        {
            int start = Math.Max(entry.Features, covered), end = entry.Features + entry.Length;
            if (end > start)
                ranges.Add((start, end - start));
            covered = Math.Max(covered, end);
        }
        return ranges;
    }

    /// <summary>Feature rows of the store.</summary>
    internal ReadOnlySpan<float> FeatureRows(int start, int count) => _features is null ? [] : _features.Rows(start, count);

    private ExampleEntry Advance(ExampleEntry entry, int steps) => entry with
    {
        Features = entry.Features + steps,
        Tokens = entry.Tokens + steps,
        Targets = entry.Targets + steps * Shape.TargetSize,
        Classes = entry.Classes + steps,
    };

    private int TargetRows(int example) => Shape.TargetEveryStep ? Length(example) : 1;

    private int CheckedLength(in SequenceExample example)
    {
        int features = example.Features.Length, tokens = example.Tokens.Length;
        if (_features is null)
            RequireLength("Features", features, 0);
        else if (features % Shape.FeatureSize != 0)
            throw new ArgumentException(Invariant($"Example {Count} has {Plural.Of(features, "number")} in Features; expected a multiple of {Shape.FeatureSize}."), nameof(example));
        int length = _features is null ? tokens : features / Shape.FeatureSize;
        if (length < 1)
            throw new ArgumentException(Invariant($"Example {Count} has 0 steps; expected at least 1."), nameof(example));
        RequireLength("Tokens", tokens, _tokens is null ? 0 : length);
        return length;
    }

    private void RequireLength(string part, int found, int expected)
    {
        if (found != expected)
            throw new ArgumentException(Invariant($"Example {Count} has {Plural.Of(found, "value")} in {part}; expected {expected}."), part);
    }

    private void RequireAtLeast(string part, ReadOnlySpan<int> values, int minimum)
    {
        foreach (int value in values)
            if (value < minimum)
                throw new ArgumentException(Invariant($"Example {Count} has {value} in {part}; expected {minimum} or more."), part);
    }
}
