namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Mean and variance of numbers in one pass, in double, of the differences from the first of them: numbers all alike so have variance exactly
/// 0, and a large mean does not drown a small spread.
/// </summary>
internal struct RunningMoments
{
    private double _sum, _squares;

    /// <summary>How many numbers there were.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public double First { get; private set; }

    /// <summary>Whether none differs from the first.</summary>
    public readonly bool AreAlike => _squares == 0;

    public readonly double Mean => First + Shift;

    public readonly double Variance => Math.Max(0, (_squares / Math.Max(1, Count)) - (Shift * Shift));

    private readonly double Shift => _sum / Math.Max(1, Count);

    public void Add(double value)
    {
        if (Count++ == 0)
            First = value;
        double difference = value - First;
        _sum += difference;
        _squares += difference * difference;
    }
}
