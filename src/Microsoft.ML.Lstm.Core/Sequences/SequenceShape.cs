namespace Microsoft.ML.Lstm.Sequences;

/// <summary>What the examples of a dataset have in common. Their number of steps may differ.</summary>
public sealed record SequenceShape
{
    /// <summary>Numbers per step; 0 when a step is only a token.</summary>
    public int FeatureSize { get; init; }

    /// <summary>Whether each step has a token.</summary>
    public bool HasTokens { get; init; }

    /// <summary>What the target is made of. Default: numbers.</summary>
    public TargetKind Target { get; init; } = TargetKind.Numbers;

    /// <summary>Numbers per target; 0 unless <see cref="Target"/> is <see cref="TargetKind.Numbers"/>. Default: 1.</summary>
    public int TargetSize { get; init; } = 1;

    /// <summary>Whether each step has a target, or each example one. Default: one per example.</summary>
    public bool TargetEveryStep { get; init; }

    /// <summary>How numeric targets continue series among the features; null: they do not, or it is not known. Default: null.</summary>
    public SeriesContinuation? Continuation { get; init; }

    /// <summary>Throws when the parts do not fit together.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        if (FeatureSize < 0 || (FeatureSize == 0 && !HasTokens))
            throw new ArgumentException(Invariant($"{nameof(FeatureSize)} is {FeatureSize}; expected more than 0, or 0 with tokens."), nameof(FeatureSize));
        if (Target == TargetKind.Numbers && TargetSize < 1)
            throw new ArgumentException(Invariant($"{nameof(TargetSize)} is {TargetSize}; expected 1 or more, since the target is numbers."), nameof(TargetSize));
        if (Continuation?.Fits(this) == false)
            throw new ArgumentException(
                Invariant($"{nameof(Continuation)} is of features {string.Join(", ", Continuation.Features)} from step {Continuation.FirstStep}; ")
                + Invariant($"expected features of −1 to {FeatureSize - 1}, a first step of 1 or more, and one numeric target for each example."), nameof(Continuation));
    }
}
