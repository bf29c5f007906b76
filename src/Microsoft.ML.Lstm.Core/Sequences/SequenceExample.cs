namespace Microsoft.ML.Lstm.Sequences;

/// <summary>One example on its way into a <see cref="SequenceDataset"/>, which copies what it needs.</summary>
public ref struct SequenceExample
{
    /// <summary>An empty example of weight 1.</summary>
    public SequenceExample()
    {
    }

    /// <summary>Numeric inputs: [T, F].</summary>
    public ReadOnlySpan<float> Features { get; init; }

    /// <summary>Tokens: [T].</summary>
    public ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>Numeric target: [H], or [T, H] when every step has one.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>Class: one, or [T] when every step has one; −1 does not count.</summary>
    public ReadOnlySpan<int> Classes { get; init; }

    /// <summary>What the example counts in the loss. Default: 1.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>
    /// Number of the series that the example was cut from, 0 or more; examples of one series are added in the order of time. Default: 0, all are
    /// of one.
    /// </summary>
    public int Series { get; init; }
}
